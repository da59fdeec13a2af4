/** What player and room say to each other: round trips, limits, and refusals of everything else. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { errorCodes, type ErrorCode } from "#protocol/errors.ts";
import {
  decodeClientMessage,
  decodeWorkerMessage,
  encodeClientMessage,
  encodeWorkerMessage,
  frozenReasons,
  messageTypes,
  type ClientMessage,
  type UpdateMessage,
  type WorkerMessage,
} from "#protocol/message.ts";
import { playerNameMax, reasonLengthMax, valueDepthMax } from "#protocol/limits.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { diff } from "#protocol/patch.ts";
import type { Value } from "#protocol/value.ts";
import { witnessLength } from "#protocol/witness.ts";
import { bytesOf, finite, hash, hexOf, text, value, valuePair } from "./support/arbitraries.ts";
import { mutation, refusalOf } from "./support/refusal.ts";

const counter = fc.maxSafeInteger().map(Math.abs);
const name = fc.string({ unit: fc.constantFrom(...Array.from("Ada äé日本🜁 -'")), maxLength: 12 });
const optional = <T>(key: string, part: fc.Arbitrary<T>) =>
  fc.option(part, { nil: undefined }).map((drawn) => (drawn === undefined ? {} : { [key]: drawn }));

const fromClient: fc.Arbitrary<ClientMessage> = fc.oneof(
  fc
    .tuple(
      fc.record({
        type: fc.constant("auth" as const),
        account: hash,
        device: hash,
        signature: bytesOf(64),
        entropy: hash,
        want: fc.constantFrom("play" as const, "watch" as const),
        name,
      }),
      optional("invite", fc.uint8Array({ minLength: 16, maxLength: 32 })),
      optional("lock", fc.boolean()),
      optional("witness", bytesOf(witnessLength)),
    )
    .map((parts): ClientMessage => Object.assign({}, ...parts) as ClientMessage),
  fc.record({ type: fc.constant("move" as const), n: counter, move: value }),
  fc.record({ type: fc.constantFrom("leave" as const, "close" as const) }),
  fc.record({ type: fc.constant("ping" as const), at: finite }),
  fc.record({ type: fc.constant("witness" as const), witness: bytesOf(witnessLength) }),
  fc.record({ type: fc.constant("input" as const), rows: fc.uint8Array({ maxLength: 200 }) }),
);

const status = fc.record({
  phase: fc.constantFrom("open" as const, "playing" as const, "paused" as const, "ended" as const),
  waiting: fc.array(fc.tuple(counter, finite), { maxLength: 3 }),
  spectators: counter,
  ended: fc.option(
    fc.record({ how: fc.constantFrom("finished" as const, "abandoned" as const, "faulted" as const), result: value }),
  ),
});

const update: fc.Arbitrary<UpdateMessage> = fc
  .tuple(
    fc.record({ type: fc.constant("update" as const), tick: counter }),
    fc
      .option(valuePair, { nil: undefined })
      .map((pair) => pair && diff(...pair))
      .map((patch) => (patch === undefined ? {} : { patch })),
    optional("outcomes", fc.array(fc.tuple(counter, fc.option(text)), { maxLength: 3 })),
    optional("sent", fc.array(value, { maxLength: 3 })),
    optional("awards", fc.array(fc.record({ item: value, once: text }), { maxLength: 2 })),
    optional(
      "roster",
      fc.array(fc.record({ seat: counter, player: hexOf(32), name, present: fc.boolean() }), { maxLength: 3 }),
    ),
    optional(
      "seats",
      fc.array(fc.oneof(counter, fc.record({ seat: counter, player: hexOf(32), name, present: fc.boolean() })), {
        maxLength: 3,
      }),
    ),
    optional("status", status),
  )
  .map((parts) => Object.assign({}, ...parts) as UpdateMessage);

const fromWorker: fc.Arbitrary<WorkerMessage> = fc.oneof(
  fc.record({
    type: fc.constant("admitted" as const),
    player: hexOf(32),
    seat: fc.option(counter),
    hz: finite,
    moves: counter,
    locked: fc.boolean(),
    presence: fc.constantFrom("all" as const, "any" as const),
  }),
  update,
  fc.record({ type: fc.constant("witness" as const), witness: bytesOf(witnessLength) }),
  fc.record({ type: fc.constant("revealed" as const), records: fc.nat(), head: bytesOf(32) }),
  fc.record({ type: fc.constant("frozen" as const), reason: fc.option(fc.constantFrom(...frozenReasons)) }),
  fc.record({ type: fc.constant("pong" as const), at: finite }),
  fc.record({
    type: fc.constant("closed" as const),
    code: fc.constantFrom(...(Object.keys(errorCodes) as ErrorCode[])),
  }),
);

test("what a player says comes out as it went in", () => {
  fc.assert(
    fc.property(fromClient, (sent) => {
      const { type, body } = encodeClientMessage(sent);
      expect(decodeClientMessage(type, body)).toEqual(sent);
    }),
    { numRuns: 300 },
  );
});

test("what a room says comes out as it went in", () => {
  fc.assert(
    fc.property(fromWorker, (sent) => {
      const { type, body } = encodeWorkerMessage(sent);
      expect(decodeWorkerMessage(type, body)).toEqual(sent);
    }),
    { numRuns: 300 },
  );
});

test("any bytes of any type are a message or a coded refusal", () => {
  const bytes = fc.oneof(
    fc.tuple(fc.nat({ max: 130 }), fc.uint8Array({ maxLength: 60 })),
    fc
      .tuple(fromClient.map(encodeClientMessage), mutation)
      .map(([sent, change]) => [sent.type, change(sent.body)] as const),
    fc
      .tuple(fromWorker.map(encodeWorkerMessage), mutation)
      .map(([sent, change]) => [sent.type, change(sent.body)] as const),
  );
  fc.assert(
    fc.property(bytes, ([type, body]) => {
      expect([undefined, "malformed", "too-long"]).toContain(refusalOf(() => decodeClientMessage(type, body)));
      expect([undefined, "malformed", "too-long"]).toContain(refusalOf(() => decodeWorkerMessage(type, body)));
    }),
    { numRuns: 1000 },
  );
});

test("neither side says what belongs to the other", () => {
  for (const [name_, type] of Object.entries(messageTypes)) {
    const ours = type < 16;
    const body = name_ === "closed" || name_ === "ping" || name_ === "pong" ? encodeMsgpack(1) : new Uint8Array(0);
    if (ours) expect(refusalOf(() => decodeWorkerMessage(type, body))).toBe("malformed");
    else expect(refusalOf(() => decodeClientMessage(type, body))).toBe("malformed");
  }
});

const auth = {
  account: new Uint8Array(32),
  device: new Uint8Array(32),
  signature: new Uint8Array(64),
  entropy: new Uint8Array(32),
  want: "play",
  name: "Ada",
};

test.for<[string, object]>([
  ["no account", { account: null }],
  ["a short account", { account: new Uint8Array(31) }],
  ["a device that is text", { device: "a".repeat(32) }],
  ["a long signature", { signature: new Uint8Array(65) }],
  ["no entropy", { entropy: new Uint8Array(0) }],
  ["another wish", { want: "moderate" }],
  ["a name that is a number", { name: 1 }],
  ["a name that is too long", { name: "a".repeat(playerNameMax + 1) }],
  ["a line break in the name", { name: "Ada\nadmin" }],
  ["a name that runs backwards", { name: "\u202enimda" }],
  ["a name with nothing to see in it", { name: "A\u200bda" }],
  ["a short invitation", { invite: new Uint8Array(15) }],
  ["a long invitation", { invite: new Uint8Array(33) }],
  ["an invitation of nil", { invite: null }],
  ["a lock that is a number", { lock: 1 }],
  ["a short witness", { witness: new Uint8Array(witnessLength - 1) }],
  ["a long witness", { witness: new Uint8Array(witnessLength + 1) }],
  ["a witness of nil", { witness: null }],
  ["something more", { role: "admin" }],
])("an introduction with %s is refused", ([, change]) => {
  expect(refusalOf(() => decodeClientMessage(messageTypes.auth, encodeMsgpack(auth)))).toBeUndefined();
  const body = encodeMsgpack({ ...auth, ...change });
  expect(refusalOf(() => decodeClientMessage(messageTypes.auth, body))).toBe("malformed");
});

const nested = (depth: number): Value => {
  let tree: Value = 1;
  for (let i = 0; i < depth; i++) tree = [tree];
  return tree;
};

test.for<[string, number, unknown]>([
  ["a move without a number", messageTypes.move, [{ a: 1 }]],
  ["a move with more", messageTypes.move, [1, { a: 1 }, 2]],
  ["a move that is a map", messageTypes.move, { n: 1, move: 1 }],
  ["a move numbered below nothing", messageTypes.move, [-1, null]],
  ["a move numbered between numbers", messageTypes.move, [0.5, null]],
  ["a move numbered beyond 2⁵³", messageTypes.move, [2 ** 53, null]],
  ["a ping that is text", messageTypes.ping, "now"],
])("%s is refused", ([, type, fields]) => {
  expect(refusalOf(() => decodeClientMessage(type, encodeMsgpack(fields)))).toBe("malformed");
});

test("a move may be as deep as a value, and no deeper", () => {
  const said = (depth: number): Uint8Array => encodeMsgpack([1, nested(depth)]);
  expect(refusalOf(() => decodeClientMessage(messageTypes.move, said(valueDepthMax)))).toBeUndefined();
  expect(refusalOf(() => decodeClientMessage(messageTypes.move, said(valueDepthMax + 1)))).toBe("too-long");
});

test.for(["leave", "close"] as const)("%s has nothing to add", (type) => {
  expect(refusalOf(() => decodeClientMessage(messageTypes[type], Uint8Array.of(0xc0)))).toBe("malformed");
});

test.for([0, witnessLength - 1, witnessLength + 1])("a witness of %d bytes is refused by both sides", (length) => {
  const body = new Uint8Array(length);
  expect(refusalOf(() => decodeClientMessage(messageTypes.presented, body))).toBe("malformed");
  expect(refusalOf(() => decodeWorkerMessage(messageTypes.witness, body))).toBe("malformed");
});

test.for([
  ["the number of another code", 1],
  ["an unknown number", 999],
  ["text", "rolled-back"],
  ["nothing at all", undefined],
])("a room that says it is frozen because of %s is refused", ([, reason]) => {
  const body = reason === undefined ? new Uint8Array(0) : encodeMsgpack(reason);
  expect(refusalOf(() => decodeWorkerMessage(messageTypes.frozen, body))).toBe("malformed");
});

const statusNow = { phase: "open", waiting: [], spectators: 0, ended: null };
const seated = { seat: 0, player: "p", name: "Ada", present: true };

test.for<[string, object]>([
  ["no tick", { tick: null }],
  ["outcomes that are a map", { outcomes: {} }],
  ["an outcome without a number", { outcomes: [[null]] }],
  ["a reason that is a number", { outcomes: [[1, 2]] }],
  ["a reason that is too long", { outcomes: [[1, "a".repeat(reasonLengthMax + 1)]] }],
  ["something sent that is too deep", { sent: [nested(valueDepthMax + 1)] }],
  ["an award for nothing", { awards: [{ item: 1 }] }],
  ["an award with more", { awards: [{ item: 1, once: "a", twice: "b" }] }],
  ["a seat below nothing", { roster: [{ ...seated, seat: -1 }] }],
  ["a name that is nil", { roster: [{ ...seated, name: null }] }],
  ["a presence that is text", { roster: [{ ...seated, present: "yes" }] }],
  ["a free seat below nothing", { seats: [-1] }],
  ["news of a seat without a player", { seats: [{ seat: 1, name: "", present: true }] }],
  ["an unknown phase", { status: { ...statusNow, phase: "over" } }],
  ["what is told at once", { status: { ...statusNow, phase: "frozen" } }],
  ["an unknown end", { status: { ...statusNow, ended: { how: "won", result: 1 } } }],
  ["an end without a result", { status: { ...statusNow, ended: { how: "finished" } } }],
  ["spectators that are text", { status: { ...statusNow, spectators: "many" } }],
  ["something more", { secret: 1 }],
])("an update with %s is refused", ([, fields]) => {
  const update_ = { tick: 1, status: statusNow, roster: [seated] };
  expect(refusalOf(() => decodeWorkerMessage(messageTypes.update, encodeMsgpack(update_)))).toBeUndefined();
  const body = encodeMsgpack({ ...update_, ...fields });
  expect(["malformed", "too-long"]).toContain(refusalOf(() => decodeWorkerMessage(messageTypes.update, body)));
});

test("the deepest view can be sent, whole and changed at the bottom", () => {
  for (const [previous, next] of [
    [null, nested(valueDepthMax)],
    [nested(valueDepthMax), JSON.parse(JSON.stringify(nested(valueDepthMax)).replace("1", "[]"))],
    [deepMap(1), deepMap(2)],
  ] as [Value, Value][]) {
    const patch = diff(previous, next)!;
    const { type, body } = encodeWorkerMessage({ type: "update", tick: 1, patch });
    expect(decodeWorkerMessage(type, body)).toEqual({ type: "update", tick: 1, patch });
  }
});

/** Deep, and with something beside the path at every level, so that the patch goes all the way down. */
function deepMap(bottom: number): Value {
  let tree: Value = bottom;
  for (let i = 0; i < valueDepthMax; i++) tree = i % 2 === 0 ? { a: tree, b: 0 } : [tree, 0];
  return tree;
}

test("the largest view can change everywhere at once", () => {
  const view = (by: number): Value => Array.from({ length: 20_000 }, (_, i) => [i + by, 0]);
  const { type, body } = encodeWorkerMessage({ type: "update", tick: 1, patch: diff(view(0), view(1))! });
  expect(refusalOf(() => decodeWorkerMessage(type, body))).toBeUndefined();
});
