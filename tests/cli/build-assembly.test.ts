import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { buildContract, type BuiltContract } from "#cli/build-contract.ts";
import type { Answer } from "#contract/abi.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { Value } from "#protocol/value.ts";
import { contractHash, encodeManifest } from "#protocol/manifest.ts";
import { blocksOf, readFromRoot } from "../support/documents.ts";
import { rootFolder } from "../support/folders.ts";
import { phatroom } from "../support/phatroom.ts";
import { rawWasm, rawWasmManifest, type RawWasm } from "../support/raw-wasm.ts";

vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let plain: BuiltContract;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "phatroom-assembly-"));
  plain = await buildContract(await authorAuction("a"));
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

async function author(path: string, text: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

/** The smallest contract there is. Lines matter below. */
const rules = `import { accept, Context, Contract, Manifest, MoveContext, Outcome, serve, Value, Viewer, Writer } from "phatroom/assembly";
import { step } from "./parts/step";

class Auction extends Contract<i32> {
  private sum: i32 = 0;
  describe(): Manifest { return { name: "auction", players: { min: 1, max: 2 } }; }
  open(_context: Context): void {}
  parse(move: Value): i32 { return move.member("bid").whole(0, 9); }
  apply(bid: i32, _context: MoveContext): Outcome { this.sum += bid + step(); return accept(); }
  view(_viewer: Viewer, out: Writer): void { out.whole(this.sum); }
}

serve(new Auction());
`;

async function authorAuction(place: string, text = rules): Promise<string> {
  await author(join(place, "assembly/parts/step.ts"), "export function step(): i32 { return 5; }\n");
  return author(join(place, "assembly/auction.ts"), text);
}

test("the same contract gives the same bytes in any folder and beside any configuration, and none of them names it", async () => {
  const here = plain;
  const place = "somewhere/much/deeper";
  const entry = await authorAuction(place);
  for (const beside of [`${place}/assembly`, place]) {
    await author(`${beside}/asconfig.json`, `{ "options": { "runtime": "stub", "optimizeLevel": 0, "debug": true } }`);
    await author(`${beside}/tsconfig.json`, `{ "extends": "nothing" }`);
  }
  const there = await buildContract(entry);
  expect(bytesToHex(there.bundle)).toBe(bytesToHex(here.bundle));
  expect(there.hash).toBe(here.hash);
  // Texts in AssemblyScript are UTF-16.
  const texts = [Buffer.from(here.bundle).toString("latin1"), Buffer.from(here.bundle).toString("utf16le")];
  for (const text of texts) for (const trace of [folder, rootFolder, "node_modules"]) expect(text).not.toContain(trace);
});

test("the hash names engine, manifest and bundle", async () => {
  const { bundle, suffix, sourceMap, manifest, hash } = plain;
  const { engine } = await (await contractEngine()).load(bundle);
  expect(hash).toBe(bytesToHex(contractHash(engine, manifest, bundle)));
  expect(manifest).toMatchObject({ name: "auction", pace: "turns", hz: 50, presence: "all", fuel: 5_000_000 });
  expect([suffix, sourceMap]).toEqual([".wasm", ""]);
});

test("what was built is a source of its own: any WebAssembly module is", async () => {
  const file = join(folder, "any.wasm");
  await writeFile(file, plain.bundle);
  expect(await buildContract(file)).toEqual(plain);
});

test.for<[string, string, RegExp]>([
  ["is no AssemblyScript", rules.replace("return accept();", "return accept(;"), /auction\.ts:9:\d+:\n/],
  [
    "has a type that does not fit",
    rules.replace("this.sum += bid", 'this.sum += "x"'),
    /type 'i32'[^]*auction\.ts:9:\d+:\n/,
  ],
  [
    "has a closure",
    rules.replace("return accept();", "return [1].map(n => n + bid).length > 5 ? accept() : accept();"),
    /auction\.ts:9/,
  ],
  ["imports what is not there", rules.replace("./parts/step", "./parts/stop"), /parts\/stop[^]*auction\.ts:2:\d+:\n/],
  [
    "imports a package that is not there",
    rules.replace("./parts/step", "lodash"),
    /Could not resolve "lodash"[^]*auction\.ts:2/,
  ],
  [
    "imports the SDK of the other language",
    rules.replace("phatroom/assembly", "phatroom/contract"),
    /all that a contract imports is "phatroom\/assembly"/,
  ],
  ["reads files", rules.replace("./parts/step", "fs"), /contracts reach nothing: "fs" does not exist in the sandbox/],
  ["serves nothing", rules.replace("serve(new Auction());", ""), /no contract: a module ends with serve/],
  ["serves twice", `${rules}serve(new Auction());\n`, /a module has one contract/],
  ["throws while it is loaded", `${rules}throw new Error("not today");\n`, /not today\n\s+at auction\.ts:14:\d+/],
  ["never ends to load", `${rules}while (true) {}\n`, /out of fuel/],
])("an author whose contract %s is told so", async ([, text, message]) => {
  const entry = await authorAuction("d", text);
  await expect(buildContract(entry)).rejects.toThrow(
    expect.objectContaining({ name: "BuildError", message: expect.stringMatching(message) as string }),
  );
});

// Whoever compiled it: these take no time to assemble.
test.for<[string, RawWasm, RegExp]>([
  ["has a name no manifest takes", { manifest: { ...rawWasmManifest, name: "An Auction" } }, /manifest: name must be/],
  [
    "takes more memory than it may",
    { manifest: { ...rawWasmManifest, memoryPages: 4 }, memory: '(memory (export "memory") 1000)' },
    /memoryPages/,
  ],
])("an author whose module %s is told so", async ([, module, message]) => {
  const file = join(folder, "module.wasm");
  await writeFile(file, rawWasm(module));
  await expect(buildContract(file)).rejects.toThrow(
    expect.objectContaining({ name: "BuildError", message: expect.stringMatching(message) as string }),
  );
});

test("an author whose contract reaches for a clock, chance, a console and a host of its own is told what there is", async () => {
  const wants = "<i32>Date.now() + <i32>Math.random()";
  const text = rules
    .replace("bid + step()", `bid + ${wants}`)
    .replace("return accept();", 'console.log("x"); steal(); return accept();');
  const error: unknown = await buildContract(
    await authorAuction("d", `${text}declare function steal(): void;\n`),
  ).catch((told: unknown) => told);
  const { message } = error as Error;
  expect(message).toMatch(/time is context\.tick\n\n\s+auction\.ts:9:/);
  expect(message).toMatch(/draw from context\.random, which replays\n\n\s+auction\.ts:9:/);
  expect(message).toMatch(/print with log, from "phatroom\/assembly"\n\n\s+auction\.ts:9:/);
  expect(message).toMatch(/there is no auction\.steal\n\n\s+auction\.ts:9:/);
});

test("an author of many mistakes is shown ten", async () => {
  const wrong = Array.from({ length: 14 }, (_, i) => `export const wrong${i}: i32 = "x";\n`).join("");
  const error: unknown = await buildContract(await authorAuction("d", rules + wrong)).catch((told: unknown) => told);
  expect((error as Error).message.match(/auction\.ts:\d+/g)).toHaveLength(10);
  expect((error as Error).message).toMatch(/\nand 4 more$/);
});

test("what is called .wasm and is none is told so", async () => {
  await expect(buildContract(await author("no.wasm", "no"))).rejects.toThrow("no.wasm is no WebAssembly module");
});

test("phatroom build writes what a worker serves and prints the hash", async () => {
  const entry = await authorAuction("a");
  const out = join(folder, "built");
  // Here, where the compiler is warm; a process of its own builds one in tests/package/new-arena.test.ts.
  const told = await phatroom("build", entry, "--out", out);
  const { bundle, manifest, hash } = plain;
  expect(told).toMatchObject({ code: 0, error: "" });
  expect(told.out).toContain(hash);
  expect(new Uint8Array(await readFile(join(out, "auction.wasm")))).toEqual(bundle);
  expect(new Uint8Array(await readFile(join(out, "auction.manifest.json")))).toEqual(encodeManifest(manifest));
  await expect(readFile(join(out, "auction.map"))).rejects.toThrow(/ENOENT/);
});

test("the contract in the SDK's README builds as it stands, and plays", async () => {
  const [snippet] = blocksOf(readFromRoot("contracts/assembly/README.md"));
  const { bundle, manifest } = await buildContract(await author("readme/assembly/guessing.ts", snippet!.text));
  expect(manifest).toMatchObject({ name: "guessing", players: { min: 2, max: 2 } });
  const room = (await (await contractEngine()).load(bundle)).instantiate();
  const key = new Uint8Array(32).fill(5);
  const player = (seat: number): { id: string; seat: number } => ({ id: String(seat).repeat(32), seat });
  const move = (seat: number, number: Value): Answer =>
    room.call({ call: "move", tick: 2, player: player(seat), move: { number } });
  room.call({ call: "open", tick: 0, key, options: {} });
  for (const seat of [0, 1]) room.call({ call: "join", tick: 1, key, player: player(seat) });
  expect(move(0, "5")).toMatchObject({ reason: 'number: Invalid type: Expected number but received "5"' });
  let [low, high, seat] = [1, 100, 0];
  for (;;) {
    const number = (low + high) >> 1;
    const answer = move(seat, number);
    if (answer.answer === "done" && answer.effects.length > 0) {
      expect(answer.effects).toEqual([{ effect: "end", result: { winner: seat } }]);
      break;
    }
    expect(move(seat, number)).toMatchObject({ reason: "it is not your turn" });
    const seen = room.call({ call: "view", tick: 3, viewers: [{ kind: "spectator" }] });
    const [view] = seen.answer === "views" ? (seen.views as unknown as { guesses: { hint: string }[] }[]) : [];
    if (view!.guesses.at(-1)!.hint === "higher") low = number + 1;
    else high = number - 1;
    seat = 1 - seat;
  }
});
