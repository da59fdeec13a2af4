/** Transactions that wait: in which order they are offered, what watchers hear, and what comes back. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { TransactionPool, type PoolBlock } from "#chain/devnet/blocks/pool.ts";
import type { TransactionStatus } from "#chain/devnet/blocks/transaction-status.ts";
import type { Invalid, Valid } from "#chain/devnet/blocks/validity.ts";
import { finalityWatchMax, poolFutureMax } from "#chain/devnet/limits.ts";

/** A transaction here is an account, a nonce, a tip and the block after which it is void. */
const made = (account: number, nonce: number, tip = 0, until = 255): Uint8Array =>
  Uint8Array.of(account, nonce >> 8, nonce & 0xff, tip, until);

let nonces: Map<number, number>;
let number: number;
let pool: TransactionPool;
let heard: [Uint8Array, TransactionStatus][];

/** What FRAME's `CheckNonce` says. */
function validate(transaction: Uint8Array): Valid | Invalid {
  const [account, high, low, tip, until] = transaction as unknown as [number, number, number, number, number];
  const nonce = high * 256 + low;
  const next = nonces.get(account) ?? 0;
  if (nonce < next) return { kind: "invalid", reason: "Stale" };
  if (until <= number) return { kind: "invalid", reason: "AncientBirthBlock" };
  return {
    kind: "valid",
    priority: BigInt(tip),
    requires: nonce === next ? [] : [`${account}:${nonce - 1}`],
    provides: [`${account}:${nonce}`],
    longevity: BigInt(until - number),
  };
}

beforeEach(() => {
  nonces = new Map();
  number = 0;
  heard = [];
  pool = new TransactionPool(validate, 0);
});

const submit = (transaction: Uint8Array): string =>
  pool.submit(transaction, (status) => heard.push([transaction, status]));
const said = (transaction: Uint8Array): TransactionStatus[] =>
  heard.filter(([about]) => about === transaction).map(([, status]) => status);

/** The best chain goes on with a block of these. */
function block(hash: string, ...transactions: Uint8Array[]): PoolBlock {
  number++;
  for (const [account, high, low] of transactions) nonces.set(account!, high! * 256 + low! + 1);
  const one = { hash, number, transactions };
  pool.switch([], [one]);
  return one;
}

describe("transactions are offered", () => {
  test("in the order of nonces, however they came", () => {
    const [first, second, third] = [made(1, 0), made(1, 1), made(1, 2)];
    submit(third);
    submit(second);
    expect(pool.offer()).toEqual([]);
    submit(first);
    expect(pool.offer()).toEqual([first, second, third]);
    expect(said(third)).toEqual(["future", "ready"]);
    expect(said(first)).toEqual(["ready"]);
  });

  test("with larger tips first", () => {
    const [poor, rich, middling] = [made(1, 0, 1), made(2, 0, 9), made(3, 0, 5)];
    for (const one of [poor, rich, middling]) submit(one);
    expect(pool.offer()).toEqual([rich, middling, poor]);
  });

  test("never before what they require", () => {
    const transaction = fc.record({ account: fc.nat({ max: 3 }), nonce: fc.nat({ max: 6 }), tip: fc.nat({ max: 9 }) });
    fc.assert(
      fc.property(fc.array(transaction, { maxLength: 30 }), (all) => {
        pool = new TransactionPool(validate, 0);
        for (const { account, nonce, tip } of all) {
          try {
            pool.submit(made(account, nonce, tip));
          } catch {
            // A rival with at least this tip is there.
          }
        }
        const next = new Map<number, number>();
        for (const [account, , nonce] of pool.offer()) {
          expect(nonce).toBe(next.get(account!) ?? 0);
          next.set(account!, nonce! + 1);
        }
        for (const account of new Set(all.map((one) => one.account))) {
          const own = new Set(all.filter((one) => one.account === account).map(({ nonce }) => nonce));
          let ready = 0;
          while (own.has(ready)) ready++;
          expect(next.get(account) ?? 0).toBe(ready);
        }
        expect(pool.ready).toBe(pool.offer().length);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a nonce is taken", () => {
  test("by the one with the larger tip; the other is told", () => {
    const [cheap, dear] = [made(1, 0, 1), made(1, 0, 2)];
    submit(cheap);
    const hash = submit(dear);
    expect(pool.offer()).toEqual([dear]);
    expect(said(cheap)).toEqual(["ready", { usurped: hash }]);
  });

  test.for([
    ["the same tip", "priority-too-low", made(1, 0, 1, 200)],
    ["the very same transaction", "already-there", made(1, 0, 1)],
  ] as const)("but not with %s", ([, code, other]) => {
    submit(made(1, 0, 1));
    expect(() => submit(other)).toThrow(expect.objectContaining({ code }));
    expect(pool.ready).toBe(1);
  });
});

describe("refused is", () => {
  test("what the runtime refuses, with its reason", () => {
    nonces.set(1, 5);
    expect(() => submit(made(1, 4))).toThrow(expect.objectContaining({ code: "invalid", message: "Stale" }));
  });

  test("one more that waits for an earlier nonce, when there are many", () => {
    for (let i = 0; i < poolFutureMax; i++) submit(made(1, i + 1));
    expect(() => submit(made(2, 7))).toThrow(expect.objectContaining({ code: "full" }));
    submit(made(2, 0));
    expect(pool.ready).toBe(1);
  });
});

describe("a block", () => {
  test("takes its transactions out, and makes others possible", () => {
    const [first, second] = [made(1, 0), made(1, 1)];
    submit(second);
    submit(first);
    block("A", first);
    expect(said(first)).toEqual(["ready", { inBlock: "A" }]);
    expect(pool.offer()).toEqual([second]);
    pool.finalize(new Set(["A"]));
    expect(said(first).at(-1)).toEqual({ finalized: "A" });
    expect(() => submit(first)).toThrow(expect.objectContaining({ code: "invalid" }));
  });

  test("with a stranger's transaction makes its rival invalid", () => {
    const mine = made(1, 0);
    submit(mine);
    block("A", made(1, 0, 7));
    expect(said(mine)).toEqual(["ready", "invalid"]);
    expect(pool.pending()).toEqual([]);
  });

  test("may come too late for a mortal one", () => {
    const mortal = made(1, 0, 0, 2);
    submit(mortal);
    for (const hash of ["A", "B"]) block(hash);
    expect(said(mortal)).toEqual(["ready"]);
    block("C");
    expect(said(mortal)).toEqual(["ready", "invalid"]);
  });

  test.for([
    ["ExhaustsResources", ["ready"]],
    ["Future", ["ready"]],
    ["BadProof", ["ready", "invalid"]],
  ] as const)("that could not take one because of %s", ([reason, statuses]) => {
    const one = made(1, 0);
    submit(one);
    pool.judge(one, { kind: "invalid", reason });
    expect(said(one)).toEqual(statuses);
  });

  test("that stays unfinalized for long is no longer waited for", () => {
    const one = made(1, 0);
    submit(one);
    block("A", one);
    for (let i = 0; i < finalityWatchMax; i++) {
      number = 0;
      pool.switch([], [{ hash: `later ${i}`, number: i + 2, transactions: [] }]);
    }
    expect(said(one).at(-1)).toEqual({ finalityTimeout: "A" });
  });
});

describe("a retraction", () => {
  test("brings transactions back, and those that the other branch has along", () => {
    const [mine, yours] = [made(1, 0), made(2, 0)];
    submit(mine);
    submit(yours);
    const first = block("A", mine, yours);
    nonces = new Map([[1, 1]]);
    pool.switch([first], [{ hash: "B", number: 1, transactions: [mine] }]);
    expect(said(mine)).toEqual(["ready", { inBlock: "A" }, { retracted: "A" }, { inBlock: "B" }]);
    expect(said(yours)).toEqual(["ready", { inBlock: "A" }, { retracted: "A" }]);
    expect(pool.offer()).toEqual([yours]);
    pool.finalize(new Set(["A"]));
    expect(said(mine).at(-1)).toEqual({ inBlock: "B" });
  });

  test("brings back what nobody here had submitted, too", () => {
    const stranger = made(3, 0);
    const first = block("A", stranger);
    nonces.clear();
    pool.switch([first], []);
    expect(pool.offer()).toEqual([stranger]);
  });

  test("after which one is no longer valid tells its watcher", () => {
    const one = made(1, 0, 0, 3);
    submit(one);
    const first = block("A", one);
    nonces.clear();
    number = 5;
    pool.switch([first], [{ hash: "B", number: 5, transactions: [] }]);
    expect(said(one).at(-1)).toBe("invalid");
  });
});
