/** Random numbers of contracts in AssemblyScript are those of every contract. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { shortReason } from "#contract/parse-move.ts";
import { KeystreamRandom } from "#contract/random.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import type { Value } from "#protocol/value.ts";
import vectors from "../../vectors/random.json" with { type: "json" };
import { ann, anyKey, ask, ben, buildTimeoutMs, loadProbe, openedRoom } from "./probe.ts";

let probe: LoadedContract;
beforeAll(async () => {
  probe = await loadProbe();
}, buildTimeoutMs);

const opened = (key?: Uint8Array): Instance => openedRoom(probe, key);

describe("random numbers", () => {
  test.for(vectors.draws)("are those of every contract: $draw", ({ key, draw, results }) => {
    const room = opened(hexToBytes(key));
    const questions: Record<string, [string, Value]> = {
      "below 6": ["below", { draws: 1, below: 6 }],
      "below 3221225472": ["below", { draws: 1, below: 3_221_225_472 }],
      unit: ["unit", null],
      "bytes 3": ["bytes", 3],
      "shuffle 10": ["shuffle", Array.from({ length: 10 }, (_, i) => i)],
    };
    const drawn = results.map(() => {
      const message = ask(room, ...questions[draw]!);
      if (message instanceof Uint8Array) return bytesToHex(message);
      return draw.startsWith("below") ? (message as Value[])[0] : message;
    });
    expect(drawn).toEqual(results);
  });

  test("go on from one call to the next, over the blocks of the stream", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.array(fc.tuple(fc.nat(150), fc.integer({ min: 1, max: 2 ** 32 - 1 })), { minLength: 1, maxLength: 8 }),
        (key, draws) => {
          const room = opened(key);
          const random = new KeystreamRandom(key);
          for (const [length, below] of draws) {
            expect(ask(room, "bytes", length)).toEqual(random.bytes(length));
            expect(ask(room, "below", { draws: 3, below })).toEqual([0, 0, 0].map(() => random.below(below)));
            expect(ask(room, "unit", null)).toBe(random.unit());
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test("drawn by a move that is refused are drawn again", () => {
    const room = opened();
    const random = new KeystreamRandom(anyKey);
    expect(ask(room, "bytes", 5)).toEqual(random.bytes(5));
    for (const length of [0, 3, 200]) {
      const move = { ask: "refuse", value: length };
      const answer = room.call({ call: "move", tick: 2, player: ann, move });
      expect(answer).toEqual({ answer: "done", reason: shortReason("a reason ".repeat(40)), effects: [] });
    }
    expect(ask(room, "bytes", 70)).toEqual(random.bytes(70));
  });

  test("begin anew with the key of whoever joins", () => {
    const room = opened();
    ask(room, "bytes", 11);
    const key = new Uint8Array(32).fill(77);
    room.call({ call: "join", tick: 3, key, player: ben });
    expect(ask(room, "bytes", 20)).toEqual(new KeystreamRandom(key).bytes(20));
  });
});
