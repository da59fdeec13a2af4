/** A state is the same bytes wherever it was computed, goes on from them as if nothing had happened, and from no others. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RmrkError } from "#rmrk/errors.ts";
import { collectionIdOf, nftIdOf } from "#rmrk/ids.ts";
import { treeDepthMax } from "#rmrk/limits.ts";
import { faultOf } from "#rmrk/state/invariants.ts";
import { decodeSnapshot, encodeSnapshot, stateHash, writeSnapshot } from "#rmrk/state/snapshot.ts";
import { emptyState, type State } from "#rmrk/state/state.ts";
import { attach, detach } from "#rmrk/state/tree.ts";
import { apply } from "#rmrk/consolidator.ts";
import { bytesToHex, concatBytes } from "#protocol/bytes.ts";
import { SeededNumbers } from "../deep/deep.ts";
import { viewOfState } from "./support/compare.ts";
import { Ledger } from "./support/ledger.ts";
import { mintOf } from "./support/making.ts";
import { alice, bob, charlie, prefix } from "./support/people.ts";
import { nextSaying } from "./support/sayings.ts";
import { Story } from "./support/story.ts";

const storyOf = (seed: number, length: number): Story => {
  const story = new Story(seed);
  story.tell(length);
  return story;
};

const refused = (bytes: Uint8Array): boolean => {
  try {
    decodeSnapshot(bytes);
  } catch (error) {
    if (error instanceof RmrkError && error.code === "snapshot-malformed") return true;
    throw error;
  }
  return false;
};

test("a state comes back from its snapshot", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(60), (seed, length) => {
      const { state } = storyOf(seed, length);
      const again = decodeSnapshot(encodeSnapshot(state));
      expect(viewOfState(again)).toEqual(viewOfState(state));
      expect(bytesToHex(stateHash(again))).toBe(bytesToHex(stateHash(state)));
    }),
    { numRuns: 30 },
  );
});

test("from a snapshot the chain goes on as without it, event by event", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(30), (seed, length) => {
      const { state } = storyOf(seed, length);
      const again = decodeSnapshot(encodeSnapshot(state));
      const numbers = new SeededNumbers(seed);
      const story = new Story(seed);
      for (let at = 0; at < 30; at++) {
        const saying = nextSaying(numbers, state, state.purse.block);
        const remark = { ...story.remarkOf(saying), block: state.purse.block + saying.blocks, extrinsic: 1000 + at };
        expect(apply(again, remark)).toEqual(apply(state, remark));
      }
      expect(encodeSnapshot(again)).toEqual(encodeSnapshot(state));
    }),
    { numRuns: 20 },
  );
});

test("how a state came to be is not in it", () => {
  const [one, other] = [new Ledger(), new Ledger()];
  for (const ledger of [one, other]) {
    const gold = ledger.create("GOLD");
    const [chest, a, b] = [1, 2, 3].map((serial) => ledger.mint(gold, serial, bob));
    ledger.block = 105;
    // Another order, and another way, to the same.
    for (const nft of ledger === one ? [a!, b!] : [b!, a!]) ledger.do(bob, { op: "SEND", nft, recipient: chest! });
  }
  const again = decodeSnapshot(encodeSnapshot(other.state));
  const burn = { op: "BURN", nft: nftIdOf(100, collectionIdOf(alice, "GOLD"), "item", "00000001") } as const;
  expect(bytesToHex(stateHash(one.state))).toBe(bytesToHex(stateHash(again)));
  expect(one.say(bob, burn)).toEqual(other.say(bob, burn));
});

test("a payment that was half used stays half used", () => {
  const ledger = new Ledger();
  const gold = ledger.create("GOLD");
  const [ring, crown] = [1, 2].map((serial) => ledger.mint(gold, serial, bob));
  for (const nft of [ring!, crown!]) ledger.do(bob, { op: "LIST", nft, price: 100n });
  const paid = [{ from: charlie, to: bob, amount: 150n }];
  ledger.do(charlie, { op: "BUY", nft: ring!, recipient: undefined }, paid);
  ledger.state = decodeSnapshot(encodeSnapshot(ledger.state));
  expect(ledger.sayAgain(charlie, { op: "BUY", nft: crown!, recipient: undefined }, paid)).toEqual({
    accepted: false,
    code: "payment-missing",
  });
});

test("a large state is written in chunks of at most 64 KiB", () => {
  const ledger = new Ledger();
  const gold = ledger.create("GOLD");
  for (let serial = 1; serial <= 2500; serial++) {
    const properties = new Map([
      ["title", { type: "string", value: `${serial}`.padStart(60, "-"), writer: "nobody" as const }],
    ]);
    ledger.do(alice, mintOf(gold, serial, bob, { properties }));
    if (serial % 50 === 0) ledger.block += 1;
  }
  const chunks: Uint8Array[] = [];
  writeSnapshot(ledger.state, (chunk) => chunks.push(chunk));
  expect(chunks.length).toBeGreaterThan(3);
  expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(65_536);
  // Too many bytes for `toEqual`, which looks at each by itself.
  expect(Buffer.compare(concatBytes(...chunks), encodeSnapshot(ledger.state))).toBe(0);
}, 60_000);

describe("other bytes", () => {
  test("are refused, or are another state's", () => {
    const snapshots = [3, 4, 5].map((seed) => encodeSnapshot(storyOf(seed, 60).state));
    let taken = 0;
    fc.assert(
      fc.property(fc.nat(2), fc.nat(100_000), fc.nat(255), fc.nat(3), (which, place, byte, kind) => {
        const bytes = snapshots[which]!;
        const at = place % bytes.length;
        const changed = [
          bytes.with(at, byte),
          bytes.slice(0, at),
          Uint8Array.from([...bytes.subarray(0, at), byte, ...bytes.subarray(at)]),
          Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)]),
        ][kind]!;
        if (refused(changed)) return;
        taken += 1;
        const state = decodeSnapshot(changed);
        expect(faultOf(state)).toBeUndefined();
        expect(bytesToHex(encodeSnapshot(state))).toBe(bytesToHex(changed));
      }),
      { numRuns: 1200 },
    );
    // A changed key or picture makes another state, and that is seen by its hash.
    expect(taken).toBeGreaterThan(10);
  });

  test("that promise more than they hold are refused at once", () => {
    const bytes = encodeSnapshot(emptyState(prefix));
    const tail = bytes.length - 5;
    for (let at = tail; at < bytes.length; at++) {
      const huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f];
      expect(refused(Uint8Array.from([...bytes.subarray(0, at), ...huge, ...bytes.subarray(at + 1)]))).toBe(true);
    }
  });

  test("of another version, or behind the end, are refused", () => {
    const bytes = encodeSnapshot(emptyState(prefix));
    expect(refused(bytes)).toBe(false);
    expect(refused(new Uint8Array())).toBe(true);
    expect(refused(concatBytes(bytes, new Uint8Array(1)))).toBe(true);
    expect(refused(bytes.with(12, "2".charCodeAt(0)))).toBe(true);
  });
});

/** States that no remark makes, written as if one had. */
describe("a snapshot of what cannot be", () => {
  const broken = (change: (state: State, ids: readonly string[]) => void): Uint8Array => {
    const ledger = new Ledger();
    const gold = ledger.create("GOLD", { max: 40 });
    const ids = Array.from({ length: 20 }, (_, serial) => ledger.mint(gold, serial + 1, bob));
    expect(refused(encodeSnapshot(ledger.state))).toBe(false);
    change(ledger.state, ids);
    return encodeSnapshot(ledger.state);
  };
  const nft = (state: State, id: string) => state.nfts.get(id as never)!;
  const into = (state: State, id: string, parent: string, pending = false): void => {
    detach(state, nft(state, id));
    attach(state, nft(state, id), nft(state, parent), pending);
  };

  test.for<readonly [string, (state: State, ids: readonly string[]) => void]>([
    ["an NFT in itself", (state, [a]) => (nft(state, a!).owner = nft(state, a!))],
    [
      "two NFTs in each other",
      (state, [a, b]) => {
        into(state, a!, b!);
        nft(state, b!).owner = nft(state, a!);
      },
    ],
    [
      "too many levels",
      (state, ids) => {
        for (let at = 1; at <= treeDepthMax; at++) into(state, ids[at]!, ids[at - 1]!);
      },
    ],
    ["what waits for an account", (state, [a]) => (nft(state, a!).pending = true)],
    [
      "what is for sale inside another",
      (state, [a, b]) => {
        into(state, a!, b!);
        nft(state, a!).listing = { price: 1n, block: 1 };
      },
    ],
    ["what is equipped nowhere", (state, [a]) => (nft(state, a!).equipped = "base-1-b.hand" as never)],
    [
      "what is equipped in no slot",
      (state, [a, b]) => {
        into(state, a!, b!);
        nft(state, a!).equipped = "base-1-b.hand" as never;
      },
    ],
    ["a serial number that was never issued", (state) => state.collections.values().next().value!.serials.delete(1)],
    [
      "more than the cap",
      (state) => {
        const { serials } = state.collections.values().next().value!;
        for (let at = 50; at < 80; at++) serials.add(at);
      },
    ],
    ["a wrong count", (state) => (state.collections.values().next().value!.live += 1)],
    ["a destroyed collection that lives", (state) => (state.collections.values().next().value!.destroyed = true)],
    ["an ordinal that was not given out", (state) => (state.minted = 3)],
    ["another's collection", (state) => Object.assign(state.collections.values().next().value!, { creator: charlie })],
  ])("%s is refused", ([, change]) => {
    expect(refused(broken(change))).toBe(true);
  });
});
