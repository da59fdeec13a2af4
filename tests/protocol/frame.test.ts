/** A frame shows its bucket and nothing else; what was split is put together again. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeFrame, encodeFrames, FrameAssembler, type Frame } from "#protocol/frame.ts";
import { entityFrameBuckets, frameBuckets, frameHeaderLength, messageLengthMax } from "#protocol/limits.ts";
import { messageTypes } from "#protocol/message.ts";
import { mutation, refusalOf } from "./support/refusal.ts";

const type = fc.integer({ min: 1, max: 127 });
const floor = fc.constantFrom(0, 1, 64, 65, 128, 1024, 65_519);
const length = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 200_000 }), fc.constantFrom(0, 61, 62, 65_516, 65_517));
const bodyOf = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => (i * 31 + 1) & 0xff);

test("a message comes out as it went in", () => {
  fc.assert(
    fc.property(type, length, floor, (kind, size, least) => {
      const assembler = new FrameAssembler(messageLengthMax);
      const frames = encodeFrames(kind, bodyOf(size), least);
      const heard = frames.map((frame) => assembler.push(decodeFrame(frame)));
      expect(heard.slice(0, -1).every((part) => part === undefined)).toBe(true);
      expect(heard.at(-1)!.type).toBe(kind);
      expect(Buffer.compare(heard.at(-1)!.body, bodyOf(size))).toBe(0);
    }),
  );
});

test("every frame has the size of a bucket, and messages of one bucket look alike", () => {
  fc.assert(
    fc.property(length, floor, (size, least) => {
      for (const frame of encodeFrames(1, bodyOf(size), least)) expect(frameBuckets).toContain(frame.length);
      for (const frame of encodeFrames(messageTypes.entities, bodyOf(size), least))
        expect(entityFrameBuckets).toContain(frame.length);
    }),
  );
  const sizes = (body: number): number[] => encodeFrames(1, bodyOf(body)).map((frame) => frame.length);
  expect([0, 1, 61].map(sizes)).toEqual([[64], [64], [64]]);
  expect(sizes(62)).toEqual([128]);
});

test("frames about entities have finer sizes, and nothing else has", () => {
  const sizes = (body: number): number[] =>
    encodeFrames(messageTypes.entities, bodyOf(body)).map((frame) => frame.length);
  expect([0, 61, 62, 94, 300, 317, 318, 381, 382].map(sizes)).toEqual(
    [64, 64, 96, 128, 320, 320, 384, 384, 448].map((size) => [size]),
  );
  for (const [i, size] of entityFrameBuckets.entries()) {
    const before = entityFrameBuckets[i - 1] ?? 0;
    if (size > 128 && size <= 16_384) expect((size - before) / size).toBeLessThanOrEqual(1 / 5);
  }
  // A room whose frames have one size has it for entities too.
  for (const size of frameBuckets) expect(entityFrameBuckets).toContain(size);
  for (const size of [96, 320]) {
    const frame = encodeFrames(messageTypes.entities, bodyOf(size - 10))[0]!;
    frame[0] = messageTypes.update;
    expect(refusalOf(() => decodeFrame(frame))).toBe("malformed");
  }
});

test("with a floor every frame has that size, however long the message", () => {
  for (const size of [0, 100, 1021, 1022, 5000]) {
    const frames = encodeFrames(1, bodyOf(size), 1024);
    expect(frames.every((frame) => frame.length === 1024)).toBe(true);
    expect(frames.length).toBe(Math.max(1, Math.ceil(size / 1021)));
  }
});

test("spare bytes stand behind the frame and are zero", () => {
  const [bare, spared] = [encodeFrames(1, bodyOf(100))[0]!, encodeFrames(1, bodyOf(100), 0, 16)[0]!];
  expect(spared.subarray(0, bare.length)).toEqual(bare);
  expect(spared.subarray(bare.length)).toEqual(new Uint8Array(16));
});

/** A frame of 64 bytes with this head and body, zeros behind. */
function frameOf(head: number, size: number, body: readonly number[] = []): Uint8Array {
  const frame = new Uint8Array(64);
  frame.set([head, size & 0xff, size >>> 8, ...body]);
  return frame;
}

test.for<[string, Uint8Array]>([
  ["nothing", new Uint8Array(0)],
  ["a header alone", new Uint8Array(frameHeaderLength)],
  ["a size between buckets", new Uint8Array(65)],
  ["a size above all buckets", new Uint8Array(65_520)],
  ["a length one beyond the frame", frameOf(1, 62)],
  ["the largest length", frameOf(1, 0xffff)],
  ["padding that says something", frameOf(1, 2, [1, 2, 3])],
  ["type 0", frameOf(0, 0)],
  ["type 0 with more to come", frameOf(0x80, 61)],
  ["an empty frame with more to come", frameOf(0x81, 0)],
  ["a frame that is not full with more to come", frameOf(0x81, 60)],
])("%s is refused", ([, bytes]) => {
  expect(refusalOf(() => decodeFrame(bytes))).toBe("malformed");
});

test("any bytes are a frame or a coded refusal", () => {
  fc.assert(
    fc.property(length, mutation, (size, change) => {
      const bytes = change(encodeFrames(5, bodyOf(size % 5000))[0]!);
      expect([undefined, "malformed"]).toContain(refusalOf(() => decodeFrame(bytes)));
    }),
  );
});

test("what is too long to be said is refused", () => {
  expect(refusalOf(() => encodeFrames(1, new Uint8Array(messageLengthMax)))).toBeUndefined();
  expect(refusalOf(() => encodeFrames(1, new Uint8Array(messageLengthMax + 1)))).toBe("too-long");
  expect(refusalOf(() => encodeFrames(1, new Uint8Array(0), 65_520))).toBe("too-long");
});

const part = (kind: number, more: boolean, size: number): Frame => ({ type: kind, more, body: bodyOf(size) });

test("a message is not interleaved with another", () => {
  const assembler = new FrameAssembler(1000);
  assembler.push(part(1, true, 10));
  expect(refusalOf(() => assembler.push(part(2, false, 10)))).toBe("malformed");
});

test("a message is refused at the frame that makes it too long", () => {
  const assembler = new FrameAssembler(100);
  expect(assembler.push(part(1, true, 60))).toBeUndefined();
  expect(refusalOf(() => assembler.push(part(1, true, 41)))).toBe("too-long");
  expect(refusalOf(() => new FrameAssembler(100).push(part(1, false, 101)))).toBe("too-long");
  expect(new FrameAssembler(100).push(part(1, false, 100))!.body.length).toBe(100);
});

test("one message's length does not count against the next", () => {
  const assembler = new FrameAssembler(100);
  for (let i = 0; i < 10; i++) {
    expect(assembler.push(part(1, true, 50))).toBeUndefined();
    expect(assembler.push(part(1, false, 50))!.body.length).toBe(100);
    expect(assembler.push(part(2, false, 100))!.body.length).toBe(100);
  }
});
