/** What gateway and worker tell each other about rooms is read as strictly as what players say. */
import fc from "fast-check";
import { expect, test } from "vitest";
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
  type Listing,
  type Ready,
} from "#protocol/control.ts";
import { errorCodes, type ErrorCode } from "#protocol/errors.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { hexOf, roomId, value } from "./support/arbitraries.ts";
import { mutation, refusalOf } from "./support/refusal.ts";

const count = fc.maxSafeInteger().map(Math.abs);
const word = fc.string({ unit: fc.constantFrom(...Array.from("abc-")), minLength: 1, maxLength: 12 });
const dictionary = <T>(part: fc.Arbitrary<T>) => fc.dictionary(word, part, { maxKeys: 3, noNullPrototype: true });

const listing: fc.Arbitrary<Listing> = fc.record({
  room: roomId,
  contract: word,
  taken: count,
  free: count,
  phase: fc.constantFrom("open" as const, "playing" as const, "paused" as const, "ended" as const),
  options: dictionary(word),
  listed: fc.boolean(),
});

const ready: fc.Arbitrary<Ready> = fc.record(
  {
    version: count,
    platform: word,
    world: hexOf(64),
    contracts: fc.array(
      fc.record({
        name: word,
        hash: hexOf(64),
        players: fc.record({ min: count, max: count }),
        spectators: count,
        options: dictionary(fc.array(word, { maxLength: 3 })),
      }),
      { maxLength: 3 },
    ),
    threads: fc.integer({ min: 1, max: 64 }),
  },
  { requiredKeys: ["version", "platform", "world", "contracts"] },
);

const pulse = fc.record({ busy: fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000) });

const create = fc.record({ ref: count, contract: word, options: value, listed: fc.boolean() });

interface Format {
  readonly name: string;
  readonly bodies: fc.Arbitrary<object>;
  readonly encode: (body: never) => Uint8Array;
  readonly decode: (body: Uint8Array) => object;
}

const formats: readonly Format[] = [
  { name: "create", bodies: create, encode: encodeControl, decode: decodeCreate },
  { name: "attach", bodies: fc.record({ room: roomId }), encode: encodeControl, decode: decodeAttach },
  { name: "listing", bodies: listing, encode: encodeControl, decode: decodeListing },
  { name: "ready", bodies: ready, encode: encodeControl, decode: decodeReady },
  { name: "pulse", bodies: pulse, encode: encodePulse, decode: decodePulse },
  { name: "created", bodies: fc.record({ ref: count, room: roomId }), encode: encodeControl, decode: decodeCreated },
  {
    name: "refused",
    bodies: fc.record({ ref: count, code: fc.constantFrom(...(Object.keys(errorCodes) as ErrorCode[])) }),
    encode: encodeRefused,
    decode: decodeRefused,
  },
];

test.for(formats)("$name comes out as it went in", ({ bodies, encode, decode }) => {
  fc.assert(
    fc.property(bodies, (body) => {
      expect(decode(encode(body as never))).toEqual(body);
    }),
  );
});

test.for(formats)("any bytes are $name or a coded refusal", ({ bodies, encode, decode }) => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    value.map(encodeMsgpack),
    fc.tuple(bodies, mutation).map(([body, change]) => change(encode(body as never))),
  );
  fc.assert(
    fc.property(bytes, (body) => {
      expect([undefined, "malformed", "too-long"]).toContain(refusalOf(() => decode(body)));
    }),
    { numRuns: 500 },
  );
});

const room = "0".repeat(20);
const hash = "0".repeat(64);
const seats = { min: 1, max: 2 };
const hosted = { name: "a", hash, players: seats, spectators: 0, options: {} };
const isReady = { version: 1, platform: "software", world: hash, contracts: [hosted] };
const isListed = { room, contract: "a", taken: 0, free: 1, phase: "open", options: {}, listed: true };

test.for<[string, (body: Uint8Array) => object, unknown]>([
  ["a room without a contract", decodeCreate, { ref: 1, options: {}, listed: true }],
  ["a contract with a long name", decodeCreate, { ref: 1, contract: "a".repeat(65), options: {}, listed: true }],
  ["a reference below nothing", decodeCreate, { ref: -1, contract: "a", options: {}, listed: true }],
  ["a room that may be listed perhaps", decodeCreate, { ref: 1, contract: "a", options: {}, listed: 1 }],
  ["a seat in no room", decodeAttach, { room: "somewhere" }],
  ["a list where a map belongs", decodeAttach, [room]],
  ["a listing in an unknown phase", decodeListing, { ...isListed, phase: "paying" }],
  ["a listing with options that are numbers", decodeListing, { ...isListed, options: { a: 1 } }],
  ["a listing with seats that are text", decodeListing, { ...isListed, taken: "1" }],
  ["a world that is no hash", decodeReady, { ...isReady, world: "earth" }],
  ["contracts that are a map", decodeReady, { ...isReady, contracts: {} }],
  ["a contract that is its name", decodeReady, { ...isReady, contracts: ["a"] }],
  ["a contract without a hash", decodeReady, { ...isReady, contracts: [{ ...hosted, hash: "" }] }],
  ["a contract for nobody knows how many", decodeReady, { ...isReady, contracts: [{ ...hosted, players: {} }] }],
  [
    "a contract with options that are text",
    decodeReady,
    { ...isReady, contracts: [{ ...hosted, options: { a: "b" } }] },
  ],
  ["a worker without threads", decodeReady, { ...isReady, threads: 0 }],
  ["a worker with more threads than anybody connects to", decodeReady, { ...isReady, threads: 65 }],
  ["a worker that is busier than can be", decodePulse, { busy: 1001 }],
  ["a worker that is busy somehow", decodePulse, { busy: "very" }],
  ["a room made with no id", decodeCreated, { ref: 1 }],
  ["a refusal with a word for a code", decodeRefused, { ref: 1, code: "busy" }],
])("%s is refused", ([, decode, body]) => {
  expect(refusalOf(() => decode(encodeMsgpack(body)))).toBe("malformed");
});

test("a code that is not known yet is a refusal all the same", () => {
  expect(decodeRefused(encodeMsgpack({ ref: 1, code: 998 }))).toEqual({ ref: 1, code: "malformed" });
});

test("a worker that says nothing with its pulse has nothing to do", () => {
  expect(decodePulse(new Uint8Array(0))).toEqual({ busy: 0 });
});
