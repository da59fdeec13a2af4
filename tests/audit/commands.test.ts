/** `phatroom export` and `phatroom replay`, as somebody uses them who has a store or a file and wants to know. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { developmentLog } from "#cli/audit/development-log.ts";
import { recordsIn } from "#cli/audit/export-log.ts";
import { encodeLogFile } from "#audit/log-file.ts";
import { loadSeed } from "#enclave/platform/development/seed.ts";
import { platformFromSeed } from "#enclave/platform/software.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { deriveLineageKey } from "#enclave/vault/keys.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { worldId } from "#protocol/manifest.ts";
import { chainOfRoom } from "#protocol/room-chain.ts";
import { noHead } from "#protocol/store.ts";
import { phatroom } from "../support/phatroom.ts";
import { loadRevealed, playedDot4, revealedBundle } from "./games.ts";
import { WrittenRoom, ann } from "./written-room.ts";

const folder = mkdtempSync(join(tmpdir(), "phatroom-audit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const storeFlag = `--store=sqlite:${at("store")}`;
const source = fileURLToPath(new URL("../contracts/fixtures/revealed-dot4.ts", import.meta.url));

let contract: LoadedContract;
let room: WrittenRoom;
/** Of the same place; its players are still at it. */
let open: WrittenRoom;

async function store(kept: readonly WrittenRoom[]): Promise<void> {
  const opened = await openSqliteStore({ directory: at("store") });
  for (const { place, records } of kept) {
    const chain = chainOfRoom(place.room, place.lineage);
    await opened.append(
      records.map(({ head, record }, i) => ({ chain, expected: records[i - 1]?.head ?? noHead, head, record })),
    );
  }
  await opened.close();
}

beforeAll(async () => {
  contract = await loadRevealed();
  room = playedDot4(contract, "commands");
  const platform = platformFromSeed(await loadSeed(at("place")), () => 0);
  const world = worldId({ name: "revealed-dot4 development", development: true });
  open = await WrittenRoom.inWorld(contract, "open", world, (lineage) => deriveLineageKey(platform, lineage));
  open.sit(10);
  open.move(200, ann, 1, { kind: "resign" });
  await store([room, open]);
  writeFileSync(at("rules.bundle.js"), await revealedBundle());
});

test("a revealed log is exported from the store, and repeated with nothing but the bundle", async () => {
  const log = at("room.phatlog");
  const exported = await phatroom("export", room.place.room, storeFlag, "--out", log);
  expect(exported).toMatchObject({ code: 0, error: "" });
  expect(new Uint8Array(readFileSync(log))).toEqual(encodeLogFile(room.file()));
  const head = bytesToHex(room.log.revealed!.head);
  const replayed = await phatroom("replay", log, "--contract", at("rules.bundle.js"), "--head", head);
  expect(replayed).toMatchObject({ code: 0, error: "" });
  expect(replayed.out).toContain("Everything fits");
  expect(replayed.out).toContain("The log ends as the enclave said.");
  expect(replayed.out).toMatch(/[0-9]+ times faster/);
  const json = JSON.parse((await phatroom("replay", log, "--contract", source, "--json")).out) as object;
  expect(json).toMatchObject({ accepted: true, head: "nothing-said", records: room.records.length });
});

test("a log that differs is said to, with the record, and the command fails", async () => {
  const log = at("changed.phatlog");
  const file = room.file();
  const records = file.records.map((record) => record.slice());
  records[5]![40]! ^= 1;
  writeFileSync(log, encodeLogFile({ ...file, records }));
  const replayed = await phatroom("replay", log, "--contract", at("rules.bundle.js"));
  expect(replayed.code).toBe(1);
  expect(replayed.out).toContain("DIFFERS at record 5: A record does not open");
});

test("an author looks at any record of a log: inputs, views, state, and what changed", async () => {
  const log = at("look.phatlog");
  writeFileSync(log, encodeLogFile(room.file()));
  const { code, out } = await phatroom("replay", log, "--contract", source, "--at", "4");
  expect(code).toBe(0);
  expect(out).toContain("Record 4: tick");
  expect(out).toContain('move {"player":"');
  expect(out).toMatch(/Seen by seat 0 "Ann"\n/);
  expect(out).toMatch(/State\n {2}\S+: .* -> /);
  const nothing = await phatroom("replay", log, "--contract", source, "--at", "0");
  expect(nothing).toMatchObject({ code: 1, out: "" });
  expect(nothing.error).toContain("holds no boundary");
});

test.for<[string, "export" | "replay", string[], string]>([
  ["a room that is not there", "export", ["f".repeat(20)], "has no room"],
  ["a room by another name", "export", ["hello"], "20 hex digits"],
  ["a log that is not there", "replay", ["/nowhere", "--contract", source], "cannot be read"],
  ["a log that is none", "replay", [source, "--contract", source], "no room's log"],
  ["rules that are none", "replay", [source, "--contract", "/nowhere.js"], "cannot be read"],
  ["half a head", "replay", [source, "--contract", source, "--head", "ab"], "64 hex digits"],
  ["no number", "replay", [source, "--contract", source, "--at", "soon"], "number of a record"],
])("%s is refused in a sentence", async ([, name, args, sentence]) => {
  const { code, error } = await phatroom(name, ...args, ...(name === "export" ? [storeFlag] : []));
  expect([code, error]).toEqual([1, expect.stringContaining(sentence)]);
  expect(error).not.toContain("    at ");
});

test("a room that was not revealed is exported by nobody", async () => {
  const { code, error } = await phatroom("export", open.place.room, storeFlag);
  expect([code, error]).toEqual([1, expect.stringContaining("was not revealed")]);
});

test("in development it is exported with its keys, by whoever has the platform's seed", async () => {
  const log = at("open.phatlog");
  const args = [open.place.room, storeFlag, "--out", log, "--contract", source];
  expect(await phatroom("export", ...args, "--development", at("place"))).toMatchObject({ code: 0, error: "" });
  const replayed = await phatroom("replay", log, "--contract", source);
  expect(replayed.code).toBe(0);
  expect(replayed.out).toContain("with keys of a development platform");
  await loadSeed(at("other place"));
  const other = await phatroom("export", ...args, "--development", at("other place"));
  expect([other.code, other.error]).toEqual([1, expect.stringContaining("Another machine's")]);
  const none = await phatroom("export", ...args, "--development", at("nothing"));
  expect([none.code, none.error]).toEqual([1, expect.stringContaining("holds no seed")]);
});

test("on a machine that can protect rooms no log is opened, seed or not", async () => {
  const opened = await openSqliteStore({ directory: at("store") });
  const { chain, records } = await recordsIn(opened, open.place.room);
  await opened.close();
  const question = { world: "revealed-dot4 development", contract, room: open.place.room, chain: chain.chain };
  const asked = { ...question, records, directory: at("place") };
  for (const sign of ["/dev/tdx_guest", "/dev/sev-guest", "/dev/nsm", "/var/run/dstack.sock"]) {
    const exists = (path: string): boolean => path === sign;
    await expect(developmentLog({ ...asked, exists })).rejects.toThrow(/opened by nobody/);
  }
  await expect(developmentLog({ ...asked, exists: () => false })).resolves.toMatchObject({ records });
});
