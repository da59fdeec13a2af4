/** Messages about tunnels: one spelling each, and nothing else is believed. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex } from "#protocol/bytes.ts";
import { decodeTunnel, decodeTunnelled, encodeTunnel, isHostName, tunnelChunkMax } from "#protocol/tunnel.ts";

test("messages have these bytes", () => {
  expect(bytesToHex(encodeTunnel({ is: "open", host: "a.example", port: 443 }))).toBe("01bb01612e6578616d706c65");
  expect(bytesToHex(encodeTunnel({ is: "data", bytes: Uint8Array.of(1, 2) }))).toBe("020102");
  expect(bytesToHex(encodeTunnel({ is: "end" }))).toBe("03");
});

test("whatever is encoded is decoded", () => {
  const host = fc.domain().filter(isHostName);
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(host, fc.integer({ min: 1, max: 65_535 }), bytes, (name, port, data) => {
      for (const message of [{ is: "open", host: name, port }, { is: "data", bytes: data }, { is: "end" }] as const)
        expect(decodeTunnel(encodeTunnel(message))).toEqual(message);
    }),
  );
});

test("whatever is decoded is encoded the same way, and the rest is refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        expect(encodeTunnel(decodeTunnel(bytes))).toEqual(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: "malformed" });
      }
    }),
  );
});

test.for([
  ["nothing", []],
  ["an unknown kind", [4]],
  ["an end with something behind it", [3, 0]],
  ["no data", [2]],
  ["more data than a message carries", [2, ...new Uint8Array(tunnelChunkMax + 1)]],
  ["an address without a port", [1, 0, 0, ...Buffer.from("a.example")]],
  ["an address without a name", [1, 187, 1]],
  ["a number instead of a name", [1, 187, 1, ...Buffer.from("127.0.0.1")]],
  ["a name without a dot", [1, 187, 1, ...Buffer.from("localhost")]],
  ["capital letters", [1, 187, 1, ...Buffer.from("A.example")]],
] as const)("%s is refused", ([, bytes]) => {
  expect(() => decodeTunnel(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code: "malformed" }));
});

test("a gateway opens nothing", () => {
  const open = encodeTunnel({ is: "open", host: "a.example", port: 443 });
  expect(() => decodeTunnelled(open)).toThrow(expect.objectContaining({ code: "malformed" }));
});
