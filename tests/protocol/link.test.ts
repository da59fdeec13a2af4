/** The link's batches: whatever is put in comes out, however the stream is cut; whatever is broken is refused. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes } from "#protocol/bytes.ts";
import { linkBatchMax, linkMessageMax } from "#protocol/limits.ts";
import { linkKinds, LinkReader, LinkWriter, type LinkKind, type LinkMessage } from "#protocol/link.ts";

const message = fc.record({
  kind: fc.constantFrom<LinkKind>(...Object.values(linkKinds)),
  seat: fc.integer({ min: 0, max: 0xffff_ffff }),
  body: fc.uint8Array({ maxLength: 300 }),
});

function encode(batches: readonly (readonly (LinkMessage & { kind: LinkKind })[])[]): Uint8Array {
  const writer = new LinkWriter();
  const parts: Uint8Array[] = [];
  for (const batch of batches) {
    for (const { kind, seat, body } of batch) writer.put(kind, seat, body);
    const taken = writer.take();
    if (taken !== undefined) parts.push(taken);
  }
  return concatBytes(...parts);
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    chunks.push(bytes.slice(at, at + size));
    at += size;
  }
  return chunks;
}

test("messages come out as they went in, however the stream is cut", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(fc.array(message, { maxLength: 8 }), { maxLength: 5 }), sizes, (batches, chunkSizes) => {
      const reader = new LinkReader();
      const read = cut(encode(batches), chunkSizes).flatMap((chunk) => reader.push(chunk));
      expect(read).toEqual(batches.flat());
    }),
  );
});

test("a message stays what it was when more bytes arrive", () => {
  const reader = new LinkReader();
  const stream = encode([[{ kind: linkKinds.frame, seat: 1, body: Uint8Array.of(1, 2, 3) }]]);
  reader.push(stream.slice(0, 5));
  const [first] = reader.push(stream.slice(5));
  for (let i = 0; i < 3; i++) reader.push(new Uint8Array(encode([[{ kind: 16, seat: 9, body: new Uint8Array(50) }]])));
  expect(first!.body).toEqual(Uint8Array.of(1, 2, 3));
});

test("a message is there as soon as it is whole, whatever its batch has more", () => {
  const stream = encode([[1, 2, 3].map((seat) => ({ kind: linkKinds.frame, seat, body: new Uint8Array(50) }))]);
  const reader = new LinkReader();
  const seats = (from: number, to: number): number[] => reader.push(stream.slice(from, to)).map(({ seat }) => seat);
  const each = 9 + 50;
  expect([seats(0, 4 + each - 1), seats(4 + each - 1, 4 + each), seats(4 + each, stream.length)]).toEqual([
    [],
    [1],
    [2, 3],
  ]);
});

test("memory that was given back is written over, and no other", () => {
  const writer = new LinkWriter();
  const take = (byte: number): Uint8Array => {
    writer.put(linkKinds.frame, 1, new Uint8Array(20_000).fill(byte));
    return writer.take()!;
  };
  const [first, second] = [take(1), take(2)];
  writer.giveBack(first);
  const [third, fourth] = [take(3), take(4)];
  expect(fourth.buffer).toBe(first.buffer);
  expect(new Set([second, third, fourth].map(({ buffer }) => buffer)).size).toBe(3);
  expect([second, third, fourth].map((batch) => batch.at(-1))).toEqual([2, 3, 4]);
});

test("any bytes are messages or a coded refusal", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        new LinkReader().push(bytes);
      } catch (error) {
        expect(error).toMatchObject({ name: "ProtocolError" });
      }
    }),
  );
});

function header(batchLength: number, messageLength: number): Uint8Array {
  const bytes = new Uint8Array(4 + 9 + 1);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, batchLength, true);
  view.setUint32(9, messageLength, true);
  return bytes;
}

test.for([
  ["a batch over the limit", "too-long", header(linkBatchMax + 1, 1)],
  ["a message over the limit", "too-long", header(10, linkMessageMax + 1)],
  ["a message longer than its batch", "malformed", header(10, 2)],
  ["half a message header", "malformed", header(8, 0)],
] as const)("%s is refused as %s", ([, code, bytes]) => {
  expect(() => new LinkReader().push(bytes)).toThrow(expect.objectContaining({ code }));
});

test("a writer refuses what its reader would", () => {
  const writer = new LinkWriter();
  expect(() => writer.put(linkKinds.frame, 1, new Uint8Array(linkMessageMax + 1))).toThrow(
    expect.objectContaining({ code: "too-long" }),
  );
  const fill = () => {
    for (;;) writer.put(linkKinds.frame, 1, new Uint8Array(linkMessageMax));
  };
  expect(fill).toThrow(expect.objectContaining({ code: "too-long" }));
  const batch = writer.take()!;
  expect(batch.length).toBeLessThanOrEqual(linkBatchMax);
  expect(new LinkReader().push(batch).length).toBeGreaterThan(100);
  expect(writer.take()).toBeUndefined();
});
