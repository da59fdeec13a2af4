/** What gateways ask of workers about rooms, and what they are told, is read as strictly as everything else. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import {
  decodeAsked,
  decodeTold,
  encodeAsked,
  encodeTold,
  introductionData,
  type Asked,
  type Introduction,
  type Told,
} from "#protocol/moving.ts";
import { bytesOf, hash, roomId, value } from "./support/arbitraries.ts";
import { mutation, refusalOf } from "./support/refusal.ts";

const ref = fc.nat();
const introduction: fc.Arbitrary<Introduction> = fc.record({ instance: hash, evidence: bytesOf(100) });

const asked: fc.Arbitrary<Asked> = fc.oneof(
  fc.record({ ref, ask: fc.constant("instance" as const) }),
  fc.record({ ref, ask: fc.constant("introduce" as const), to: hash }),
  fc.record({ ref, ask: fc.constant("release" as const), room: roomId, to: fc.option(introduction) }),
  fc.record({ ref, ask: fc.constant("open" as const), room: roomId }),
  fc.record({ ref, ask: fc.constant("upgrade" as const), room: roomId, upgrade: bytesOf(106) }),
);

const told: fc.Arbitrary<Told> = fc.record({ ref, answer: fc.oneof(hash, introduction, fc.constant(null)) });

test("what is read is what was written", () => {
  fc.assert(
    fc.property(asked, told, (question, answer) => {
      expect(decodeAsked(encodeAsked(question))).toEqual(question);
      expect(decodeTold(encodeTold(answer))).toEqual(answer);
    }),
  );
});

test("anything else is malformed, and never an error of ours", () => {
  const bodies = fc.oneof(asked.map(encodeAsked), told.map(encodeTold), value.map(encodeMsgpack));
  fc.assert(
    fc.property(bodies, mutation, (body, mutate) => {
      for (const decode of [decodeAsked, decodeTold]) {
        expect([undefined, "malformed", "too-long"]).toContain(refusalOf(() => decode(mutate(body))));
      }
    }),
  );
});

test.for([
  ["a question that does not exist", { ref: 1, ask: "dance" }],
  ["no room", { ref: 1, ask: "open", room: "lobby" }],
  ["a worker that nobody can be", { ref: 1, ask: "introduce", to: new Uint8Array(31) }],
  ["half an introduction", { ref: 1, ask: "release", room: "00".repeat(10), to: { instance: new Uint8Array(32) } }],
  ["an upgrade that is too long", { ref: 1, ask: "upgrade", room: "00".repeat(10), upgrade: new Uint8Array(2049) }],
] as const)("%s is malformed", ([, body]) => {
  expect(refusalOf(() => decodeAsked(encodeMsgpack(body)))).toBe("malformed");
});

test("an introduction is for one listener, by one speaker", () => {
  fc.assert(
    fc.property(fc.uniqueArray(hash, { minLength: 2, maxLength: 2, selector: String }), ([a, b]) => {
      expect(introductionData(a!, b!)).not.toEqual(introductionData(b!, a!));
      expect(introductionData(a!, b!)).toEqual(introductionData(a!.slice(), b!.slice()));
    }),
  );
});
