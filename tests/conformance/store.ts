/** What every store must hold: one suite, run on each. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  batchMax,
  headLength,
  headsMax,
  listMax,
  noHead,
  recordMax,
  recordsMax,
  snapshotsKept,
  type Append,
  type ChainId,
  type Store,
} from "#protocol/store.ts";

const bytes = (fill: number, length = headLength): Uint8Array => new Uint8Array(length).fill(fill);

/** A head that no other number has. */
const headOf = (number: number): Uint8Array => {
  const head = new Uint8Array(headLength);
  new DataView(head.buffer).setUint32(28, number + 1);
  return head;
};

const recordOf = (number: number): Uint8Array => new TextEncoder().encode(`record ${number}`);

/** Records `from` to `to - 1` of a chain whose n-th head is `headOf(n)`. */
const appends = (chain: ChainId, from: number, to: number): Append[] =>
  Array.from({ length: to - from }, (_, i) => ({
    chain,
    expected: from + i === 0 ? noHead : headOf(from + i - 1),
    head: headOf(from + i),
    record: recordOf(from + i),
  }));

/** @param open opens the same store again each time: what one has stored, the next one finds. */
export function storeConformance(open: () => Promise<Store>): void {
  let store: Store;
  let chains = 0;
  const newChain = (prefix = "room-"): ChainId => `${prefix}${String(chains++).padStart(4, "0")}` as ChainId;
  const filled = async (length: number): Promise<ChainId> => {
    const chain = newChain();
    await store.append(appends(chain, 0, length));
    return chain;
  };

  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  describe("appending", () => {
    test("a chain that nobody wrote has no state, no records, no heads and no snapshot", async () => {
      const chain = newChain();
      expect(await store.state(chain)).toBeUndefined();
      expect(await store.records(chain, 0, 1000)).toEqual([]);
      expect(await store.heads(chain, 0, 10)).toHaveLength(0);
      expect(await store.snapshot(chain)).toBeUndefined();
    });

    test("records come back as they were, in order, with their heads", async () => {
      const chain = newChain();
      const before = Date.now() - 60_000;
      expect(await store.append(appends(chain, 0, 3))).toEqual([0, 1, 2].map((index) => ({ answer: "stored", index })));
      expect(await store.records(chain, 0, 1000)).toEqual(
        [0, 1, 2].map((index) => ({ index, head: headOf(index), record: recordOf(index) })),
      );
      const state = await store.state(chain);
      expect(state).toMatchObject({ chain, length: 3, first: 0, head: headOf(2) });
      expect(state?.changedAt).toBeGreaterThan(before);
    });

    test("bytes of every value and no bytes at all are kept", async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (record) => {
          const chain = newChain();
          await store.append([{ chain, expected: noHead, head: bytes(1), record }]);
          expect((await store.records(chain, 0, 1000))[0]?.record).toEqual(record);
        }),
        { numRuns: 20 },
      );
    });

    test("two writers of one chain: one of them learns that it is not alone, and nothing of its is stored", async () => {
      const chain = await filled(2);
      const rival: Append = { chain, expected: headOf(1), head: bytes(9), record: recordOf(9) };
      const answers = (await Promise.all([store.append([rival]), store.append(appends(chain, 2, 3))])).flat();
      expect(answers.map(({ answer }) => answer).sort()).toEqual(["conflict", "stored"]);
      expect(await store.records(chain, 2, 1000)).toHaveLength(1);
    });

    test.for([
      ["the head before it", headOf(0)],
      ["no head", noHead],
      ["a head that never was", bytes(7)],
    ] as const)("a writer that expects %s is refused", async ([, expected]) => {
      const chain = await filled(2);
      expect(await store.append([{ chain, expected, head: bytes(8), record: recordOf(8) }])).toEqual([
        { answer: "conflict" },
      ]);
      expect(await store.state(chain)).toMatchObject({ length: 2, head: headOf(1) });
    });

    test("an append whose answer was lost can be made again", async () => {
      const chain = await filled(3);
      expect(await store.append(appends(chain, 2, 3))).toEqual([{ answer: "stored", index: 2 }]);
      expect(await store.state(chain)).toMatchObject({ length: 3 });
    });

    test("each chain of a batch is answered for itself", async () => {
      const [one, other] = [await filled(1), newChain()];
      const batch = [
        ...appends(other, 0, 2),
        { chain: one, expected: bytes(3), head: bytes(4), record: recordOf(4) },
        ...appends(other, 2, 3),
      ];
      expect((await store.append(batch)).map(({ answer }) => answer)).toEqual([
        "stored",
        "stored",
        "conflict",
        "stored",
      ]);
    });

    test("what follows a record that was refused is refused as well", async () => {
      const chain = await filled(1);
      const [, ...later] = appends(chain, 1, 4);
      expect((await store.append(later)).map(({ answer }) => answer)).toEqual(["conflict", "conflict"]);
      expect(await store.state(chain)).toMatchObject({ length: 1 });
    });

    test("thousands of appends at once are all stored, each chain in its order", async () => {
      const names = Array.from({ length: 20 }, () => newChain());
      const calls = Array.from({ length: 50 }, (_, n) =>
        store.append(names.flatMap((chain) => appends(chain, n, n + 1))),
      );
      for (const answers of await Promise.all(calls)) {
        expect(answers.every(({ answer }) => answer === "stored")).toBe(true);
      }
      for (const chain of names) expect(await store.state(chain)).toMatchObject({ length: 50, head: headOf(49) });
    });

    test("an empty batch is an answer without a question", async () => {
      expect(await store.append([])).toEqual([]);
    });
  });

  describe("reading", () => {
    test("records are read from any index on, as many as fit, and never none when there is one", async () => {
      const chain = await filled(5);
      const length = recordOf(0).length;
      const indexes = async (from: number, bytesMax: number): Promise<number[]> =>
        (await store.records(chain, from, bytesMax)).map(({ index }) => index);
      expect(await indexes(1, 2 * length)).toEqual([1, 2]);
      expect(await indexes(3, 1)).toEqual([3]);
      expect(await indexes(4, 1000)).toEqual([4]);
      expect(await indexes(5, 1000)).toEqual([]);
    });

    test("heads are read by index, as many as there are", async () => {
      const chain = await filled(4);
      expect(await store.heads(chain, 1, 2)).toEqual(new Uint8Array([...headOf(1), ...headOf(2)]));
      expect(await store.heads(chain, 3, 100)).toEqual(headOf(3));
      expect(await store.heads(chain, 4, 100)).toHaveLength(0);
    });

    test("chains are listed by name, page by page, those of one prefix only", async () => {
      const names = [newChain("list-"), newChain("list-"), newChain("list-")];
      for (const chain of names) await store.append(appends(chain, 0, 1));
      const page = await store.list("list-", "", 2);
      expect(page.map(({ chain }) => chain)).toEqual(names.slice(0, 2));
      expect((await store.list("list-", names[1]!, 2)).map(({ chain }) => chain)).toEqual([names[2]]);
      expect(await store.list("list-x", "", 2)).toEqual([]);
    });

    test("a name that is the beginning of another one is another chain", async () => {
      const [short, long] = ["twin-1", "twin-10"] as ChainId[];
      await store.append([...appends(short!, 0, 1), ...appends(long!, 0, 3)]);
      expect(await store.records(short!, 0, 1000)).toHaveLength(1);
      await store.remove(short!);
      expect(await store.records(long!, 0, 1000)).toHaveLength(3);
    });
  });

  describe("snapshots", () => {
    const at = (chain: ChainId, index: number, fill: number) =>
      ({ chain, index, head: headOf(index - 1), bytes: bytes(fill, 10_000) }) as const;

    test("the newest comes back, and the one before it if the newest cannot be used", async () => {
      const chain = await filled(4);
      expect(await store.save(at(chain, 2, 1))).toBe("stored");
      expect(await store.save(at(chain, 4, 2))).toBe("stored");
      expect(await store.snapshot(chain)).toEqual(at(chain, 4, 2));
      expect(await store.snapshot(chain, 4)).toEqual(at(chain, 2, 1));
      expect(await store.snapshot(chain, 2)).toBeUndefined();
    });

    test(`of each chain ${snapshotsKept} are kept`, async () => {
      const chain = await filled(4);
      for (const index of [1, 2, 3, 4]) await store.save(at(chain, index, index));
      expect(await store.snapshot(chain, 3)).toBeUndefined();
      expect(await store.snapshot(chain, 4)).toEqual(at(chain, 3, 3));
    });

    test.for([
      ["of a record that is not there", 5, headOf(4)],
      ["with another head", 3, bytes(6)],
    ] as const)("one %s is refused", async ([, index, head]) => {
      const chain = await filled(4);
      expect(await store.save({ chain, index, head, bytes: bytes(1) })).toBe("conflict");
      expect(await store.snapshot(chain)).toBeUndefined();
    });

    test("compaction forgets records that no snapshot needs, and keeps heads", async () => {
      const chain = await filled(6);
      await store.save(at(chain, 3, 1));
      await store.save(at(chain, 5, 2));
      expect(await store.compact(chain, 4)).toBe("conflict");
      expect(await store.compact(chain, 3)).toBe("compacted");
      expect((await store.records(chain, 0, 1000)).map(({ index }) => index)).toEqual([3, 4, 5]);
      expect(await store.heads(chain, 0, 6)).toHaveLength(6 * headLength);
      expect(await store.state(chain)).toMatchObject({ first: 3, length: 6 });
      expect(await store.append(appends(chain, 6, 7))).toEqual([{ answer: "stored", index: 6 }]);
    });

    test("a chain without a snapshot is never compacted", async () => {
      const chain = await filled(3);
      expect(await store.compact(chain, 1)).toBe("conflict");
      expect(await store.compact(newChain(), 1)).toBe("conflict");
      expect(await store.records(chain, 0, 1000)).toHaveLength(3);
    });
  });

  describe("ending", () => {
    test("a chain that was removed is as if it had never been, and can begin again", async () => {
      const chain = await filled(3);
      await store.save({ chain, index: 3, head: headOf(2), bytes: bytes(1) });
      await store.remove(chain);
      expect(await store.state(chain)).toBeUndefined();
      expect(await store.heads(chain, 0, 10)).toHaveLength(0);
      expect(await store.snapshot(chain)).toBeUndefined();
      expect(await store.append(appends(chain, 0, 1))).toEqual([{ answer: "stored", index: 0 }]);
    });

    test("what was stored is there when the store is opened again", async () => {
      const chain = await filled(3);
      await store.save({ chain, index: 3, head: headOf(2), bytes: bytes(5) });
      await store.close();
      await expect(store.state(chain)).rejects.toMatchObject({ code: "store-closed" });
      await expect(store.append(appends(chain, 3, 4))).rejects.toMatchObject({ code: "store-closed" });
      store = await open();
      expect(await store.state(chain)).toMatchObject({ length: 3, head: headOf(2) });
      expect(await store.records(chain, 0, 1000)).toHaveLength(3);
      expect(await store.snapshot(chain)).toMatchObject({ index: 3, bytes: bytes(5) });
    });
  });

  describe("limits", () => {
    test.for<[string, Partial<Append>]>([
      ["a chain without a name", { chain: "" as ChainId }],
      ["a name with other characters", { chain: "Room" as ChainId }],
      ["a name that is too long", { chain: "a".repeat(81) as ChainId }],
      ["a short head", { head: bytes(1, 31) }],
      ["a long expected head", { expected: bytes(1, 33) }],
      ["a record that is too long", { record: new Uint8Array(recordMax + 1) }],
    ])("%s is refused", async ([, change]) => {
      const [append] = appends(newChain(), 0, 1);
      await expect(store.append([{ ...append!, ...change }])).rejects.toMatchObject({ code: "store-refused" });
    });

    test("one answer holds only so many records, heads and chains", async () => {
      const chain = newChain();
      for (let from = 0; from <= headsMax; from += 5000) await store.append(appends(chain, from, from + 5000));
      expect(await store.records(chain, 0, recordMax)).toHaveLength(recordsMax);
      expect(await store.heads(chain, 0, headsMax + 1)).toHaveLength(headsMax * headLength);
      const many = Array.from({ length: listMax + 1 }, (_, i) => `many-${String(i).padStart(4, "0")}` as ChainId);
      await store.append(many.flatMap((name) => appends(name, 0, 1)));
      expect(await store.list("many-", "", listMax + 1)).toHaveLength(listMax);
    });

    test("a batch that is too long is refused", async () => {
      const batch = appends(newChain(), 0, batchMax + 1);
      await expect(store.append(batch)).rejects.toMatchObject({ code: "store-refused" });
    });
  });
}
