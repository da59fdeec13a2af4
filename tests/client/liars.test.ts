/** Workers and rooms that lie, and gateways that flood or slip something in, are found out before anybody has joined. */
import { expect, test } from "vitest";
import type { ClientError } from "#client/errors.ts";
import type { JoinOptions } from "#client/join-options.ts";
import { encodeWorkerEnvelope, helloLength } from "#protocol/envelope.ts";
import { type ErrorCode, errorCodes } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { messageLengthMax } from "#protocol/limits.ts";
import type { WorkerMessage } from "#protocol/message.ts";
import { tally } from "../enclave/room/contracts.ts";
import { type Lies, liar } from "./liar.ts";
import { Place, verifiedFrom } from "./place.ts";

const other = new Uint8Array(32).fill(77);
const otherRoom = "0".repeat(20) as RoomId;

/** Joins a liar, and returns how that failed and what it was told. */
async function joinLiar(lies: Lies, change: Partial<JoinOptions> = {}) {
  const place = new Place(tally);
  const transport = liar(place.contractHash, lies);
  const error: unknown = await place.join(place.newRoom(), 1, transport, change).catch((thrown: unknown) => thrown);
  return { error: error as ClientError, transport, place };
}

const lies: readonly [code: string, Lies][] = [
  ["wrong-contract", { claims: (claims) => ({ ...claims, contract: other }) }],
  ["wrong-room", { claims: (claims) => ({ ...claims, room: otherRoom }) }],
  ["wrong-world", { claims: (claims) => ({ ...claims, world: other }) }],
  ["wrong-lineage", { claims: (claims) => ({ ...claims, lineage: other }) }],
  // A genuine quote of somebody else, with somebody else's key under it.
  ["key-not-bound", { evidence: () => new Uint8Array(64).fill(1) }],
  ["key-not-bound", { welcome: (welcome) => ({ ...welcome, keyEpoch: 8 }) }],
  ["key-not-bound", { welcome: (welcome) => ({ ...welcome, root: other }) }],
  // A quote over this very key, but made for other visits.
  ["stale-evidence", { welcome: (welcome) => ({ ...welcome, path: [{ sibling: other, right: true }] }) }],
  ["stale-evidence", { welcome: (welcome) => ({ ...welcome, claims: { ...welcome.claims, term: 2 } }) }],
  ["stale-evidence", { welcome: (welcome) => ({ ...welcome, claims: { ...welcome.claims, head: other } }) }],
  ["handshake-failed", { raw: Uint8Array.of(0x11) }],
  ["malformed", { raw: new Uint8Array(0) }],
  ["too-long", { raw: new Uint8Array(100_000) }],
  ["malformed", { raw: encodeWorkerEnvelope({ kind: "resumed", message: new Uint8Array(48) }) }],
  ["malformed", { raw: encodeWorkerEnvelope({ kind: "data", ciphertext: new Uint8Array(80) }) }],
  ["handshake-failed", { raw: encodeWorkerEnvelope({ kind: "welcome", message: new Uint8Array(400).fill(5) }) }],
  ["handshake-timeout", { silent: true }],
  ["protocol-mismatch", { raw: encodeWorkerEnvelope({ kind: "refused", code: "protocol-mismatch" }) }],
];

test.for(lies)("a worker that lies is refused as %s, and was sent nothing but a fresh key", async ([code, lie]) => {
  const { error, transport, place } = await joinLiar(lie);
  expect(error).toMatchObject({ name: "ClientError", code });
  expect(error.sentence.length).toBeGreaterThan(10);
  expect(transport.sent.map((envelope) => envelope.length)).toEqual([helloLength]);
  expect(transport.connections).toBe(0);
  expect(place.timers).toBe(0);
});

const says = (...messages: WorkerMessage[]): Lies => ({ says: messages });
const admitted: WorkerMessage = {
  type: "admitted",
  player: "p",
  seat: 0,
  hz: 50,
  moves: 0,
  locked: false,
  presence: "all",
};

test.for<[string, Lies]>([
  ["malformed", says({ type: "update", tick: 1 })],
  ["handshake-timeout", says({ type: "pong", at: 1 })],
  ["handshake-timeout", says({ type: "frozen", reason: "rolled-back" })],
  ["malformed", says(admitted, admitted)],
  ["handshake-timeout", says()],
  ["handshake-timeout", says(admitted)],
  ["room-full", says({ type: "closed", code: "room-full" })],
  ["invite-required", says({ type: "closed", code: "invite-required" })],
  ["room-ended", says(admitted, { type: "closed", code: "room-ended" })],
  ["malformed", says(admitted, { type: "update", tick: 1, patch: [2, { a: [0, 1] }] })],
])("a verified room that answers nonsense or refuses is left with %s", async ([code, lie]) => {
  const { error, transport, place } = await joinLiar(lie);
  expect(error).toMatchObject({ code });
  expect(transport.connections).toBe(0);
  expect(place.timers).toBe(0);
});

test("who refuses is told apart: a room inside the channel, or whoever carries the bytes", async () => {
  const byRoom = await joinLiar(says({ type: "closed", code: "room-full" }));
  expect(byRoom.error).toMatchObject({ code: "room-full", source: "room" });
  const byGateway = await joinLiar({ raw: encodeWorkerEnvelope({ kind: "refused", code: "room-full" }) });
  expect(byGateway.error).toMatchObject({ code: "room-full", source: "gateway" });
});

test.for(Object.keys(errorCodes) as ErrorCode[])("a gateway that refuses with %s is quoted", async (code) => {
  const place = new Place(tally);
  const carrier = place.carrier();
  carrier.refuses = code;
  await expect(place.join(place.newRoom(), 1, carrier)).rejects.toMatchObject({ code, source: "gateway" });
});

test("a gateway that floods a client while it verifies is left, and what it sent is not kept", async () => {
  const place = new Place(tally);
  for (const [length, times] of [
    [100, 300],
    [60_000, Math.ceil((2 * messageLengthMax) / 60_000) + 1],
  ] as const) {
    const carrier = place.carrier();
    const verify = async (evidence: Uint8Array) => {
      for (let i = 0; i < times; i++) carrier.inject(Uint8Array.of(0x13, ...new Uint8Array(length)));
      return verifiedFrom(evidence);
    };
    const joining = place.join(place.newRoom(), 1, carrier, {}, { verify });
    await expect(joining).rejects.toMatchObject({ code: "too-long", source: "client" });
    expect(carrier.sent).toHaveLength(1);
    expect(carrier.sockets).toBe(0);
  }
});

test("frames that the gateway slipped in before the room's own are noticed", async () => {
  const place = new Place(tally);
  const carrier = place.carrier();
  const verify = async (evidence: Uint8Array) => {
    carrier.inject(Uint8Array.of(0x13, ...new Uint8Array(80)));
    return verifiedFrom(evidence);
  };
  const joining = place.join(place.newRoom(), 1, carrier, {}, { verify });
  await expect(joining).rejects.toMatchObject({ code: "channel-broken" });
});
