/** A ticket lets one player into one room of one world, for a while, and says nothing to whoever carries it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProtocolError } from "#protocol/errors.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import { moveLengthMax } from "#protocol/limits.ts";
import { encodeClientMessage } from "#protocol/message.ts";
import { travelLimits } from "#protocol/travel.ts";
import { witnessLength } from "#protocol/witness.ts";
import type { Passage } from "#enclave/room/happenings.ts";
import { Tickets, type Departure } from "#enclave/travel/tickets.ts";

const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const [ann, ben] = ["11".repeat(16), "22".repeat(16)] as [PlayerId, PlayerId];
const [hub, table, elsewhere] = ["aa".repeat(10), "bb".repeat(10), "cc".repeat(10)] as [RoomId, RoomId, RoomId];
const from: Departure = { room: hub, contract: "phala-world" };
const there: Departure = { room: table, contract: "dot4" };
const payload = { gate: "dot4", name: "Ann" };
const passage: Passage = { to: there, moment: 42, payload, back: null };

interface Terms {
  readonly world?: Uint8Array;
  readonly worldKey?: Uint8Array;
  readonly now?: number;
}

const tickets = ({ world = fill(1), worldKey = fill(2), now = 1000 }: Terms = {}): Tickets =>
  new Tickets({ world, worldKey, random: (length) => crypto.getRandomValues(new Uint8Array(length)), now: () => now });

function opened(
  ticket: Uint8Array,
  { terms = {}, player = ann, at = there }: { terms?: Terms; player?: PlayerId; at?: Departure } = {},
): unknown {
  try {
    return tickets(terms).open(ticket, player, at);
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

const { ticket, ...addressed } = tickets().issue(ann, passage, from);

test("any worker of the world opens it, and finds who came from where with what", () => {
  expect(addressed).toEqual({ room: table, contract: "dot4" });
  expect(opened(ticket)).toEqual({ ...from, id: expect.stringMatching(/^[0-9a-f]{32}$/), payload, back: null });
});

test.for<readonly [string, Parameters<typeof opened>[1]]>([
  ["another player", { player: ben }],
  ["another room", { at: { ...there, room: elsewhere } }],
  ["a room of other rules", { at: { ...there, contract: "dot5" } }],
  ["another world", { terms: { world: fill(3) } }],
  ["whoever has another key", { terms: { worldKey: fill(3) } }],
  ["whoever comes too late", { terms: { now: 1001 + travelLimits.seconds } }],
])("it is refused to %s", ([, change]) => {
  expect(opened(ticket, change)).toBe("ticket-refused");
});

test("it is good until its time is over", () => {
  expect(opened(ticket, { terms: { now: 1000 + travelLimits.seconds } })).toMatchObject({ payload });
});

test("with any byte changed, cut off or added it is refused", () => {
  fc.assert(
    fc.property(fc.nat(ticket.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const forged = ticket.slice();
      forged[at]! ^= change;
      expect(opened(forged)).toBe("ticket-refused");
      expect(opened(ticket.slice(0, at))).toBe("ticket-refused");
      expect(opened(new Uint8Array([...ticket, change]))).toBe("ticket-refused");
    }),
  );
});

test("bytes that nobody made are refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2048 }), (bytes) => {
      expect(opened(bytes)).toBe("ticket-refused");
    }),
  );
});

describe("whoever carries it", () => {
  test("reads nothing in it", () => {
    expect(new TextDecoder("latin1").decode(ticket)).not.toMatch(/dot4|Ann|phala/);
  });

  test("learns from its length no more than a size of a short list", () => {
    const lengths = Array.from({ length: travelLimits.payload - 8 }, (_, i) => {
      const { ticket: made } = tickets().issue(ann, { ...passage, payload: "x".repeat(i) }, from);
      return made.length;
    });
    expect(new Set(lengths).size).toBeLessThanOrEqual(5);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(travelLimits.ticket);
  });

  test("cannot have the same journey twice: made again, by whichever worker, it has the same id", () => {
    const idOf = (bytes: Uint8Array): unknown => (opened(bytes) as { id: string }).id;
    const again = tickets().issue(ann, { ...passage, payload: { other: true } }, from).ticket;
    expect(idOf(again)).toBe(idOf(ticket));
    expect(idOf(tickets().issue(ann, { ...passage, moment: 43 }, from).ticket)).not.toBe(idOf(ticket));
    expect(idOf(tickets().issue(ann, passage, { ...from, room: elsewhere }).ticket)).not.toBe(idOf(ticket));
  });
});

test("with the longest ticket a client's first message still is one frame", () => {
  const [witness, invite] = [new Uint8Array(witnessLength), fill(1)];
  const key = { account: fill(1), device: fill(1), signature: new Uint8Array(64), entropy: fill(1) };
  const longest = new Uint8Array(travelLimits.ticket);
  const { body } = encodeClientMessage({
    type: "auth",
    ...key,
    want: "play",
    name: "\u20ac".repeat(24),
    invite,
    lock: true,
    witness,
    ticket: longest,
  });
  expect(body.length).toBeLessThanOrEqual(moveLengthMax);
});

test("the longest result comes back", () => {
  const result = "x".repeat(travelLimits.result - 3);
  const back: Passage = { to: from, moment: "end", payload: null, back: { seat: 1, result } };
  const made = tickets().issue(ann, back, there).ticket;
  expect(made.length).toBeLessThanOrEqual(travelLimits.ticket);
  expect(opened(made, { at: from })).toMatchObject({ back: { seat: 1, result } });
});
