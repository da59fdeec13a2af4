/** What the gateway relays: one byte it may read, and bytes it may only bound. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeClientEnvelope,
  decodeWorkerEnvelope,
  encodeClientEnvelope,
  encodeWorkerEnvelope,
  type ClientEnvelope,
  type WorkerEnvelope,
} from "#protocol/envelope.ts";
import { errorCodes, type ErrorCode } from "#protocol/errors.ts";
import { clientEnvelopeMax, protocolVersion, workerEnvelopeMax } from "#protocol/limits.ts";
import { bytesOf } from "./support/arbitraries.ts";
import { mutation, refusalOf } from "./support/refusal.ts";

const version = fc.constant(protocolVersion);

const fromClient: fc.Arbitrary<ClientEnvelope> = fc.oneof(
  fc.record({ kind: fc.constant("hello" as const), version, message: bytesOf(32) }),
  fc.record({ kind: fc.constant("resume" as const), version, id: bytesOf(16), message: bytesOf(48) }),
  fc.record({
    kind: fc.constant("data" as const),
    ciphertext: fc.uint8Array({ minLength: 16, maxLength: clientEnvelopeMax - 1 }),
  }),
);

const fromWorker: fc.Arbitrary<WorkerEnvelope> = fc.oneof(
  fc.record({ kind: fc.constantFrom("welcome" as const, "resumed" as const), message: fc.uint8Array() }),
  fc.record({ kind: fc.constant("data" as const), ciphertext: fc.uint8Array({ minLength: 16, maxLength: 300 }) }),
  fc.record({
    kind: fc.constant("refused" as const),
    code: fc.constantFrom(...(Object.keys(errorCodes) as ErrorCode[])),
  }),
);

test("an envelope comes out as it went in", () => {
  fc.assert(
    fc.property(fromClient, (sent) => {
      expect(decodeClientEnvelope(encodeClientEnvelope(sent))).toEqual(sent);
    }),
  );
  fc.assert(
    fc.property(fromWorker, (sent) => {
      expect(decodeWorkerEnvelope(encodeWorkerEnvelope(sent))).toEqual(sent);
    }),
  );
});

test("any bytes are an envelope or a coded refusal, on both ends", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.tuple(fromClient, mutation).map(([sent, change]) => change(encodeClientEnvelope(sent))),
    fc.tuple(fromWorker, mutation).map(([sent, change]) => change(encodeWorkerEnvelope(sent))),
  );
  fc.assert(
    fc.property(bytes, (input) => {
      expect([undefined, "malformed", "too-long"]).toContain(refusalOf(() => decodeClientEnvelope(input)));
      expect([undefined, "malformed", "too-long"]).toContain(refusalOf(() => decodeWorkerEnvelope(input)));
    }),
  );
});

const after = (head: readonly number[], length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes.set(head);
  return bytes;
};

test.for<[string, Uint8Array]>([
  ["nothing", new Uint8Array(0)],
  ["an unknown kind", Uint8Array.of(0x04, 1)],
  ["what only a worker says", after([0x13], 40)],
  ["a hello without a version", Uint8Array.of(0x01)],
  ["a hello that is short", after([0x01, protocolVersion], 33)],
  ["a hello with something behind it", after([0x01, protocolVersion], 35)],
  ["a resume that ends in its id", after([0x02, 99], 17)],
  ["a resume that is short", after([0x02, protocolVersion], 65)],
  ["a resume with something behind it", after([0x02, protocolVersion], 67)],
  ["data below the size of a tag", after([0x03], 16)],
])("a worker does not take %s", ([, bytes]) => {
  expect(refusalOf(() => decodeClientEnvelope(bytes))).toBe("malformed");
});

test.for<[string, Uint8Array]>([
  ["nothing", new Uint8Array(0)],
  ["an unknown kind", Uint8Array.of(0x15)],
  ["what only a client says", after([0x03], 40)],
  ["data below the size of a tag", after([0x13], 16)],
  ["a refusal without a code", Uint8Array.of(0x14, 1)],
  ["a refusal with words", Uint8Array.of(0x14, 1, 0, 65)],
])("a client does not take %s", ([, bytes]) => {
  expect(refusalOf(() => decodeWorkerEnvelope(bytes))).toBe("malformed");
});

test("envelopes end at their limits", () => {
  expect(refusalOf(() => decodeClientEnvelope(after([0x03], clientEnvelopeMax)))).toBeUndefined();
  expect(refusalOf(() => decodeClientEnvelope(after([0x03], clientEnvelopeMax + 1)))).toBe("too-long");
  expect(refusalOf(() => decodeWorkerEnvelope(after([0x13], workerEnvelopeMax)))).toBeUndefined();
  expect(refusalOf(() => decodeWorkerEnvelope(after([0x13], workerEnvelopeMax + 1)))).toBe("too-long");
});

test("another version is read far enough to be answered", () => {
  expect(decodeClientEnvelope(after([0x01, 99], 500))).toMatchObject({ kind: "hello", version: 99 });
  expect(decodeClientEnvelope(after([0x02, 99], 500))).toMatchObject({ kind: "resume", version: 99 });
});

test("a code from the future is no crash", () => {
  expect(decodeWorkerEnvelope(Uint8Array.of(0x14, 0xff, 0xff))).toEqual({ kind: "refused", code: "malformed" });
});
