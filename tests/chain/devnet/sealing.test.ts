/** When blocks are made. */
import { describe, expect, test } from "vitest";
import type { ChainListener, DevelopmentChain } from "#chain/devnet/chain.ts";
import { seal, type Sealing } from "#chain/devnet/sealing.ts";
import { account, eventually, startWithClient } from "./support/client.ts";

/** As much of a chain as sealing uses, and counts of blocks with and without transactions. */
function fakeChain(fits: () => boolean) {
  const listeners = new Set<ChainListener>();
  let blocks = 0;
  let arrived = 0;
  const ready = (): void => {
    for (const listener of listeners) listener.ready?.();
  };
  const chain = {
    get pool() {
      return { arrived };
    },
    listen(listener: ChainListener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    newBlock() {
      if (++blocks > 100) throw new Error("it never ends");
      const fit = fits();
      // Something is still ready, as a chain says after a block.
      if (!fit || blocks < 3) ready();
      return { hash: fit ? "full" : "empty", inherents: 2 };
    },
    body: (hash: string) => Array.from({ length: hash === "full" ? 3 : 2 }),
  };
  const arrive = (): void => {
    arrived += 1;
    ready();
  };
  return { chain: chain as unknown as DevelopmentChain, ready, arrive, blocks: () => blocks };
}

const unexpected = (error: unknown): void => {
  throw error;
};

const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe("instant blocks", () => {
  test("take all that arrive together, and go on while something fits", async () => {
    const { chain, ready, blocks } = fakeChain(() => true);
    seal(chain, "instant", unexpected);
    for (let i = 0; i < 5; i++) ready();
    expect(blocks()).toBe(0);
    await turns();
    expect(blocks()).toBe(3);
  });

  test("are not made without end for what never fits", async () => {
    const { chain, ready, blocks } = fakeChain(() => false);
    seal(chain, "instant", unexpected);
    ready();
    await turns();
    expect(blocks()).toBe(1);
  });

  test("take what arrives while a block is made that takes nothing", async () => {
    const { chain, arrive, blocks } = fakeChain(() => {
      // Somebody hears of the block before, and sends something at once.
      if (blocks() === 1) arrive();
      return false;
    });
    seal(chain, "instant", unexpected);
    arrive();
    await turns();
    expect(blocks()).toBe(2);
  });

  test("that fail are told, and do not end the chain", async () => {
    const failures: unknown[] = [];
    const { chain, ready } = fakeChain(() => {
      throw new Error("broken");
    });
    const stop = seal(chain, "instant", (error) => failures.push(error));
    ready();
    await turns();
    ready();
    await turns();
    expect(failures).toHaveLength(2);
    stop();
    ready();
    await turns();
    expect(failures).toHaveLength(2);
  });
});

test.for([
  ["at intervals", { everyMs: 5 } as Sealing, true],
  ["by hand", "manual" as Sealing, false],
] as const)("blocks are made %s", async ([, sealing, byItself]) => {
  const { chain, blocks } = fakeChain(() => true);
  const stop = seal(chain, sealing, () => undefined);
  if (byItself) await eventually(blocks).toBeGreaterThan(2);
  else await turns();
  stop();
  expect(blocks() > 0).toBe(byItself);
});

test("what does not fit into a block is in the next one", { timeout: 120_000 }, async () => {
  await using client = await startWithClient();
  const { api, net } = client;
  const alice = await account("Alice");
  // A block of this runtime takes some 3.9 MB of them.
  const large = "x".repeat(1_500_000);
  const signed = await Promise.all(
    [0, 1, 2].map((nonce) => api.tx["system"]!["remark"]!(large).signAsync(alice, { nonce })),
  );
  await Promise.all(signed.map((one) => one.send()));
  await eventually(() => net.chain.nextNonce(alice.publicKey)).toBe(3);
  await eventually(() => net.chain.pool.pending().length).toBe(0);
  const sizes: number[] = [];
  for (let number = 1; number <= net.chain.best.number; number++) {
    const bytes = net.chain.body(net.chain.hashAt(number)!).reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBeLessThan(4_000_000);
    sizes.push(bytes);
  }
  expect(sizes.filter((bytes) => bytes > 1_000_000).length).toBeGreaterThan(1);
});
