/** How a test asks for the code of a refusal, and how it breaks bytes. */
import fc from "fast-check";
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";

/** The code that `work` is refused with; undefined if it is not. Any other error is thrown on: that is a defect. */
export function refusalOf(work: () => unknown): ErrorCode | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

/** As `refusalOf`, for work that takes time. */
export async function refusalLater(work: () => Promise<unknown>): Promise<ErrorCode | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

/** One way to break bytes: a place in them, and what happens there. */
export type Mutation = (bytes: Uint8Array) => Uint8Array;

/** Flips, overwrites, cuts, doubles, inserts. The result differs from the original. */
export const mutation: fc.Arbitrary<Mutation> = fc
  .tuple(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.constantFrom("flip", "cut", "drop", "insert", "double"))
  .map(([where, by, how]) => {
    return (bytes) => {
      const at = bytes.length === 0 ? 0 : where % bytes.length;
      switch (how) {
        case "flip": {
          if (bytes.length === 0) return Uint8Array.of(by);
          const flipped = bytes.slice();
          flipped[at]! ^= by;
          return flipped;
        }
        case "cut":
          return bytes.length === 0 ? Uint8Array.of(by) : bytes.slice(0, at);
        case "drop":
          return bytes.length === 0 ? Uint8Array.of(by) : Uint8Array.of(...bytes.slice(0, at), ...bytes.slice(at + 1));
        case "insert":
          return Uint8Array.of(...bytes.slice(0, at), by, ...bytes.slice(at));
        case "double":
          return Uint8Array.of(...bytes, ...bytes.slice(at), by);
      }
    };
  });
