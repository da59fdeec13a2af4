/** Whole games are played while everything that passes the host is kept, then searched for what it must not hold. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { linkKinds } from "#protocol/link.ts";
import { guestAccount, memoryKeyStore, newInviteSecret } from "#client/index.ts";
import { openStage, type Stage } from "./stage.ts";
import { playOut, until } from "./play-out.ts";

let stage: Stage;
let seenByHost: Buffer;
const names = ["Ada of Lovelace", "Grace H.", "Watcher Wren"];
const secrets: { readonly what: string; readonly bytes: Uint8Array }[] = [];
let frameLengths: Map<number, Set<number>>;

beforeAll(async () => {
  stage = await openStage();
  const invite = newInviteSecret();
  const room = await stage.room();
  const accounts = await Promise.all(names.map(() => guestAccount(memoryKeyStore())));
  const [ada, grace, wren] = [
    await stage.join(room, { name: names[0]!, account: accounts[0]!, invite, lock: true }),
    await stage.join(room, { name: names[1]!, account: accounts[1]!, invite }),
    await stage.join(room, { name: names[2]!, account: accounts[2]!, invite, want: "watch" }),
  ];
  await until(ada!, ({ view }) => view?.phase === "placing");
  const { moves } = await playOut([ada!, grace!], 4);
  secrets.push(
    ...names.map((name) => ({ what: `the name ${name}`, bytes: utf8ToBytes(name) })),
    { what: "the invitation", bytes: invite },
    { what: "the invitation in hex", bytes: utf8ToBytes(bytesToHex(invite)) },
    { what: "the invitation in base64", bytes: utf8ToBytes(Buffer.from(invite).toString("base64url")) },
    ...moves.map((move) => ({ what: `the move ${JSON.stringify(move)}`, bytes: encodeMsgpack(move) })),
    ...["bombs", "explosion", "turnSeconds", "deadline", "resign", "winner"].map((word) => ({
      what: `the word ${word}`,
      bytes: utf8ToBytes(word),
    })),
    ...[ada!, grace!, wren!].map(({ player }) => ({ what: "a player's id", bytes: utf8ToBytes(player) })),
    ...[ada!, grace!].flatMap(({ roster }) =>
      roster.map(({ player }) => ({ what: "an id in the roster", bytes: utf8ToBytes(player) })),
    ),
    { what: "the view of Ada", bytes: encodeMsgpack(ada!.view) },
    { what: "the board", bytes: encodeMsgpack(ada!.view!.board) },
  );
  for (const account of accounts) {
    const { account: key, signature } = await account!.authenticate(new Uint8Array(32), new Uint8Array(32), room);
    secrets.push(
      { what: "an account key", bytes: key },
      { what: "an account key in hex", bytes: utf8ToBytes(bytesToHex(key)) },
    );
    secrets.push({ what: "a signature", bytes: signature });
  }
  seenByHost = Buffer.concat([
    stage.tap.bytes,
    ...stage.link.seen.map(({ body }) => body),
    Buffer.from(stage.logged.join("\n")),
  ]);
  frameLengths = new Map();
  for (const { kind, direction, seat, body } of stage.link.seen) {
    if (kind !== linkKinds.frame || direction !== "to-gateway" || body[0] !== 0x13) continue;
    frameLengths.set(seat, (frameLengths.get(seat) ?? new Set()).add(body.length));
  }
});

afterAll(() => stage.close());

test("the search finds what the host may know", () => {
  const room = stage.link.seen.find(({ kind }) => kind === linkKinds.attach);
  expect(room).toBeDefined();
  expect(seenByHost.includes("dot4")).toBe(true);
  expect(seenByHost.includes("playing")).toBe(true);
});

test("no name, move, view, account or token passes the host in the clear", () => {
  expect(secrets.length).toBeGreaterThan(30);
  const found = secrets.filter(({ bytes }) => seenByHost.includes(Buffer.from(bytes)));
  expect(found.map(({ what }) => what)).toEqual([]);
});

test("every frame to a player or spectator has one size", () => {
  expect(frameLengths.size).toBe(3);
  for (const lengths of frameLengths.values()) expect(lengths).toEqual(new Set([1 + 1024 + 16]));
});

test("both players and the spectator get equally many frames at each boundary", () => {
  const counts = new Map<number, number>();
  for (const { kind, direction, seat, body } of stage.link.seen) {
    if (kind === linkKinds.frame && direction === "to-gateway" && body[0] === 0x13)
      counts.set(seat, (counts.get(seat) ?? 0) + 1);
  }
  expect(counts.size).toBe(3);
});

test("nothing that tells players apart is logged", () => {
  // Accounts that issue items belong to the place.
  const text = stage.logged.filter((line) => !line.includes('"issuer"')).join("\n");
  for (const name of names) expect(text).not.toContain(name);
  expect(text).not.toMatch(/[0-9a-f]{20}/);
});
