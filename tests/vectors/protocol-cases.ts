/**
 * One example or more of every byte format: what goes in, how it is encoded, and how it is read again. `protocol.json`
 * holds the bytes they gave when the format was settled.
 */
import { contractHash, encodeManifest, frozenLineage, lineageId, worldId, type Manifest } from "#protocol/manifest.ts";
import { authStatement, playerIdOf, type RoomId } from "#protocol/identity.ts";
import { bytesToHex, concatBytes, hexToBytes, lengthPrefixed } from "#protocol/bytes.ts";
import {
  decodeAttach,
  decodeCreate,
  decodeCreated,
  decodeListing,
  decodePulse,
  decodeReady,
  decodeRefused,
  encodeControl,
  encodePulse,
  encodeRefused,
  type Ready,
} from "#protocol/control.ts";
import {
  decodeClientEnvelope,
  decodeWorkerEnvelope,
  encodeClientEnvelope,
  encodeWorkerEnvelope,
  type ClientEnvelope,
  type WorkerEnvelope,
} from "#protocol/envelope.ts";
import { decodeFrame, encodeFrames } from "#protocol/frame.ts";
import { decodeWelcome, encodeWelcome, leafOf, merkleTree, reportData, type RoomClaims } from "#protocol/binding.ts";
import { LinkReader, LinkWriter, linkKinds, type LinkKind } from "#protocol/link.ts";
import {
  decodeClientMessage,
  decodeWorkerMessage,
  encodeClientMessage,
  encodeWorkerMessage,
  type ClientMessage,
  type WorkerMessage,
} from "#protocol/message.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import { applyPatch, diff } from "#protocol/patch.ts";
import type { Value } from "#protocol/value.ts";
import { witnessLength } from "#protocol/witness.ts";

export interface Case {
  readonly name: string;
  /** What is encoded; bytes in it are written as hex in the JSON. */
  readonly input: unknown;
  readonly bytes: Uint8Array;
  /** What a reader makes of the bytes, where there is one. It must equal the input. */
  readonly read?: unknown;
}

const bytes = (first: number, length = 32): Uint8Array => Uint8Array.from({ length }, (_, i) => (first + i) & 0xff);
const room = "00112233445566778899" as RoomId;
const player = "000102030405060708090a0b0c0d0e0f";

const claims: RoomClaims = {
  contract: bytes(0x10),
  lineage: bytes(0x30),
  world: bytes(0x50),
  room,
  term: 7,
  head: bytes(0x70),
  issuer: bytes(0x90),
  reportKey: bytes(0xb0),
};

const manifest: Manifest = {
  abi: "room-wasm v1",
  name: "lantern",
  players: { min: 2, max: 4 },
  spectators: 10,
  pace: "turns",
  hz: 50,
  presence: "all",
  graceMs: 60_000,
  pauseMs: 300_000,
  options: { board: ["small", "large"], clock: ["30", "60"] },
  frameBytes: 1024,
  memoryPages: 256,
  fuel: 20_000_000,
  tables: [],
};

const tree: Value = {
  null: null,
  booleans: [true, false],
  integers: [0, 1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER],
  negative: [-1, -32, -33, -128, -129, -32_768, -32_769, -(2 ** 31), -(2 ** 31) - 1, Number.MIN_SAFE_INTEGER],
  fractions: [0.5, -1.25, 1e300, 5e-324],
  texts: ["", "Dot4", "für", "日本語", "🜁", "x".repeat(32), "ü".repeat(20), "z".repeat(256)],
  bytes: [new Uint8Array(0), bytes(0, 3), bytes(0, 300)],
  "": { constructor: { "0": [] } },
};

export const protocolCases = (): readonly Case[] => [
  ...plainCases(),
  ...identityCases(),
  ...envelopeCases(),
  ...messageCases(),
  ...patchCases(),
  ...linkCases(),
];

function plainCases(): readonly Case[] {
  const encoded = encodeMsgpack(tree);
  const frames = (name: string, type: number, body: Uint8Array, floor: number): Case => {
    const list = encodeFrames(type, body, floor);
    return {
      name: `frame: ${name}`,
      input: { type, body, floor },
      bytes: concatBytes(...list),
      read: {
        type: decodeFrame(list[0]!).type,
        body: concatBytes(...list.map((frame) => decodeFrame(frame).body)),
        floor,
      },
    };
  };
  return [
    { name: "msgpack: a tree of every kind", input: tree, bytes: encoded, read: decodeMsgpack(encoded) },
    { name: "length-prefixed fields", input: ["ab", bytes(1, 3), ""], bytes: lengthPrefixed("ab", bytes(1, 3), "") },
    frames("an empty body", 3, new Uint8Array(0), 0),
    frames("the last byte of a bucket", 2, bytes(1, 61), 0),
    frames("one byte more", 2, bytes(1, 62), 0),
    frames("three frames of one size", 17, bytes(0, 150), 64),
  ];
}

function identityCases(): readonly Case[] {
  const leaves = [1, 2, 3].map((i) => leafOf(bytes(i), claims));
  const { root, paths } = merkleTree(leaves);
  const welcome = { claims, keyEpoch: 2, root, path: paths[1]!, evidence: bytes(0xa0, 40) };
  const contract = contractHash("engine 1", manifest, bytes(0, 100));
  const terms = { upgradeKeys: [bytes(1), bytes(2)], threshold: 2, noticeMs: 86_400_000 };
  return [
    {
      name: "player id",
      input: { worldKey: bytes(3), account: bytes(4) },
      bytes: hexToBytes(playerIdOf(bytes(3), bytes(4))),
    },
    {
      name: "auth statement",
      input: { handshakeHash: bytes(5), world: bytes(6), room, account: bytes(7) },
      bytes: authStatement(bytes(5), bytes(6), room, bytes(7)),
    },
    { name: "leaf", input: { ephemeral: bytes(1), claims }, bytes: leaves[0]! },
    { name: "root of three leaves", input: leaves, bytes: root },
    { name: "report data", input: { channelKey: bytes(9), keyEpoch: 2, root }, bytes: reportData(bytes(9), 2, root) },
    { name: "welcome", input: welcome, bytes: encodeWelcome(welcome), read: decodeWelcome(encodeWelcome(welcome)) },
    { name: "manifest", input: manifest, bytes: encodeManifest(manifest) },
    {
      name: "manifest of a contract whose logs are revealed",
      input: { ...manifest, reveal: "at-end" },
      bytes: encodeManifest({ ...manifest, reveal: "at-end" }),
    },
    { name: "contract hash", input: { engine: "engine 1", manifest, bundle: bytes(0, 100) }, bytes: contract },
    {
      name: "world id",
      input: { name: "local", development: true },
      bytes: worldId({ name: "local", development: true }),
    },
    {
      name: "lineage, frozen",
      input: { world: bytes(6), contract, terms: frozenLineage },
      bytes: lineageId(bytes(6), contract),
    },
    {
      name: "lineage with upgrade keys",
      input: { world: bytes(6), contract, terms },
      bytes: lineageId(bytes(6), contract, terms),
    },
  ];
}

function envelopeCases(): readonly Case[] {
  const fromClient: readonly ClientEnvelope[] = [
    { kind: "hello", version: 1, message: bytes(1) },
    { kind: "resume", version: 1, id: bytes(1, 16), message: bytes(2, 48) },
    { kind: "data", ciphertext: bytes(3, 80) },
  ];
  const fromWorker: readonly WorkerEnvelope[] = [
    { kind: "welcome", message: bytes(4, 100) },
    { kind: "resumed", message: bytes(5, 48) },
    { kind: "data", ciphertext: bytes(6, 80) },
    { kind: "refused", code: "room-full" },
  ];
  return [
    ...fromClient.map((input): Case => {
      const encoded = encodeClientEnvelope(input);
      return { name: `client envelope: ${input.kind}`, input, bytes: encoded, read: decodeClientEnvelope(encoded) };
    }),
    ...fromWorker.map((input): Case => {
      const encoded = encodeWorkerEnvelope(input);
      return { name: `worker envelope: ${input.kind}`, input, bytes: encoded, read: decodeWorkerEnvelope(encoded) };
    }),
  ];
}

/** The type stands before the body, as in a frame. */
function messageCases(): readonly Case[] {
  const auth = {
    type: "auth",
    account: bytes(1),
    device: bytes(2),
    signature: bytes(3, 64),
    entropy: bytes(4),
  } as const;
  const fromClient: readonly (readonly [string, ClientMessage])[] = [
    ["auth", { ...auth, want: "play", name: "Ada" }],
    ["auth with an invitation", { ...auth, want: "watch", name: "", invite: bytes(5, 16), lock: true }],
    ["auth with a witness", { ...auth, want: "play", name: "Ada", witness: bytes(6, witnessLength) }],
    ["move", { type: "move", n: 3, move: { kind: "drop", side: "left", line: 9 } }],
    ["leave", { type: "leave" }],
    ["ping", { type: "ping", at: 1234.5 }],
    ["close", { type: "close" }],
    ["witness, presented", { type: "witness", witness: bytes(6, witnessLength) }],
  ];
  const fromWorker: readonly (readonly [string, WorkerMessage])[] = [
    ["admitted", { type: "admitted", player, seat: 1, hz: 50, moves: 4, locked: false, presence: "all" }],
    ["admitted to watch", { type: "admitted", player, seat: null, hz: 20, moves: 0, locked: true, presence: "any" }],
    ["update with nothing new", { type: "update", tick: 12 }],
    [
      "update with everything",
      {
        type: "update",
        tick: 70_000,
        patch: [2, { turn: [0, 1], board: [3, 2, { 1: [0, [null, 7]] }], old: [1] }],
        outcomes: [
          [4, null],
          [5, "this column is full"],
        ],
        sent: [{ bang: [3, 4] }, bytes(1, 4)],
        awards: [{ item: { kind: "spirit" }, once: "winner" }],
        roster: [{ seat: 0, player, name: "Ada", present: false }],
        status: {
          phase: "paused",
          waiting: [[0, 299_000.5]],
          spectators: 2,
          ended: null,
        },
      },
    ],
    [
      "update at the end",
      {
        type: "update",
        tick: 80_000,
        status: { phase: "ended", waiting: [], spectators: 0, ended: { how: "finished", result: { winner: 1 } } },
      },
    ],
    ["pong", { type: "pong", at: 1234.5 }],
    ["closed", { type: "closed", code: "taken-over" }],
    ["witness, handed out", { type: "witness", witness: bytes(6, witnessLength) }],
    ["revealed", { type: "revealed", records: 300, head: bytes(9) }],
    ["frozen", { type: "frozen", reason: "rolled-back" }],
    ["frozen no more", { type: "frozen", reason: null }],
  ];
  return [
    ...fromClient.map(([name, input]): Case => {
      const { type, body } = encodeClientMessage(input);
      const read = decodeClientMessage(type, body);
      return { name: `client message: ${name}`, input, bytes: concatBytes(Uint8Array.of(type), body), read };
    }),
    ...fromWorker.map(([name, input]): Case => {
      const { type, body } = encodeWorkerMessage(input);
      const read = decodeWorkerMessage(type, body);
      return { name: `worker message: ${name}`, input, bytes: concatBytes(Uint8Array.of(type), body), read };
    }),
  ];
}

function patchCases(): readonly Case[] {
  const views: readonly (readonly [string, Value, Value])[] = [
    ["the first view", null, { turn: 0, board: [0, 0] }],
    ["one member", { turn: 0, board: [0, 0] }, { turn: 1, board: [0, 0] }],
    ["a member less and one more", { a: 1, b: 2 }, { b: 2, c: 3 }],
    [
      "one item",
      {
        board: [
          [0, 0],
          [0, 0],
        ],
      },
      {
        board: [
          [0, 0],
          [0, 5],
        ],
      },
    ],
    ["an array that grows", { list: [1, 2] }, { list: [1, 2, 3] }],
    ["an array that shrinks", { list: [1, 2, 3] }, { list: [1] }],
    ["all members replaced", { a: 1, b: 2 }, { a: 3, b: 4 }],
    ["bytes", { map: bytes(0, 4), same: bytes(1, 4) }, { map: bytes(1, 4), same: bytes(1, 4) }],
    ["another kind", { a: [1] }, { a: { "0": 1 } }],
  ];
  return views.map(([name, previous, next]): Case => {
    const encoded = encodeMsgpack(diff(previous, next));
    const read = { previous, next: applyPatch(previous, decodeMsgpack(encoded)) };
    return { name: `patch: ${name}`, input: { previous, next }, bytes: encoded, read };
  });
}

function linkCases(): readonly Case[] {
  const messages: readonly { readonly kind: LinkKind; readonly seat: number; readonly body: Uint8Array }[] = [
    { kind: linkKinds.frame, seat: 258, body: bytes(1, 20) },
    { kind: linkKinds.ping, seat: 0, body: new Uint8Array(0) },
  ];
  const writer = new LinkWriter();
  for (const { kind, seat, body } of messages) writer.put(kind, seat, body);
  const batch = writer.take()!;

  const listing = {
    room,
    contract: "lantern",
    taken: 1,
    free: 3,
    phase: "open",
    options: { board: "small" },
    listed: true,
  } as const;
  const hash = bytesToHex(bytes(0));
  const ready: Ready = {
    version: 1,
    platform: "software",
    world: hash,
    contracts: [{ name: "lantern", hash, players: { min: 2, max: 4 }, spectators: 10, options: manifest.options }],
  };
  const control = <T extends object>(name: string, input: T, decode: (body: Uint8Array) => T): Case => {
    const encoded = encodeControl(input);
    return { name: `control: ${name}`, input, bytes: encoded, read: decode(encoded) };
  };
  const refused = { ref: 9, code: "busy" } as const;
  return [
    { name: "link batch", input: messages, bytes: batch, read: new LinkReader().push(batch) },
    control("create", { ref: 9, contract: "lantern", options: { board: "large" }, listed: true }, decodeCreate),
    control("attach", { room }, decodeAttach),
    control("listing", listing, decodeListing),
    control("ready", ready, decodeReady),
    control("ready, with threads", { ...ready, threads: 4 }, decodeReady),
    {
      name: "control: pulse",
      input: { busy: 0.375 },
      bytes: encodePulse({ busy: 0.375 }),
      read: decodePulse(encodePulse({ busy: 0.375 })),
    },
    control("created", { ref: 9, room }, decodeCreated),
    {
      name: "control: refused",
      input: refused,
      bytes: encodeRefused(refused),
      read: decodeRefused(encodeRefused(refused)),
    },
  ];
}
