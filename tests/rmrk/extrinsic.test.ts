/** A remark counts if the chain executed it, as the account that the chain executed it for, and not otherwise. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AccountId } from "#rmrk/account.ts";
import { RmrkError } from "#rmrk/errors.ts";
import type { Call, ChainEvent } from "#rmrk/extrinsic/call.ts";
import { executedCalls } from "#rmrk/extrinsic/executed.ts";
import { multisigAccount } from "#rmrk/extrinsic/multisig.ts";
import { remarksOf } from "#rmrk/extrinsic/remarks.ts";
import { collectionIdOf, nftIdOf } from "#rmrk/ids.ts";
import {
  completed,
  completedWithErrors,
  extrinsic,
  inBatch,
  interrupted,
  itemCompleted,
  itemFailed,
  remark,
  success,
} from "./support/chain.ts";
import { alice, bob, charlie, dave } from "./support/people.ts";

/** Remarks that can be told apart. */
const burn = (serial: number): Call =>
  remark({ op: "BURN", nft: nftIdOf(1, collectionIdOf(alice, "GOLD"), "x", String(serial).padStart(8, "0")) });
const serialsOf = (...given: Parameters<typeof extrinsic>): readonly number[] =>
  remarksOf(extrinsic(...given)).map(({ bytes }) => Number(String.fromCharCode(...bytes.subarray(-8))));
const [one, two, three] = [burn(1), burn(2), burn(3)] as const;
const batch = (method: string, calls: readonly Call[]): Call => ({ section: "utility", method, args: { calls } });
const proxy = (real: AccountId, call: Call): Call => ({
  section: "proxy",
  method: "proxy",
  args: { real, forceProxyType: null, call },
});
const proxied = (ok: boolean): ChainEvent => ({ section: "proxy", method: "ProxyExecuted", data: { ok } });
const multisigExecuted = (multisig: AccountId, ok = true): ChainEvent => ({
  section: "multisig",
  method: "MultisigExecuted",
  data: { multisig, ok },
});
const other = (section: string, method: string): ChainEvent => ({ section, method, data: {} });

test("a remark carries its block, its place and its caller", () => {
  expect(remarksOf(extrinsic(alice, one, [success]))).toEqual([
    { block: 7, extrinsic: 3, caller: alice, bytes: one.args["remark"], transfers: [] },
  ]);
});

test("inherents and other people's remarks are nothing", () => {
  expect(serialsOf(undefined, one, [success])).toEqual([]);
  const chat: Call = { section: "system", method: "remark", args: { remark: new Uint8Array([1, 2, 3]) } };
  expect(serialsOf(alice, chat, [success])).toEqual([]);
  expect(serialsOf(alice, { ...one, method: "setCode" }, [success])).toEqual([]);
  expect(serialsOf(alice, { ...one, args: { remark: "RMRK::" } }, [success])).toEqual([]);
});

describe("a batch", () => {
  test("that was interrupted counts up to there", () => {
    const call = batch("batch", [one, two, three]);
    expect(serialsOf(alice, call, [itemCompleted, itemCompleted, interrupted(2), success])).toEqual([1, 2]);
    expect(serialsOf(alice, call, [interrupted(0), success])).toEqual([]);
  });

  test("that may fail in part counts what did not fail", () => {
    const call = batch("forceBatch", [one, two, three]);
    expect(serialsOf(alice, call, [itemCompleted, itemFailed, itemCompleted, completedWithErrors, success])).toEqual([
      1, 3,
    ]);
    expect(serialsOf(alice, call, [itemFailed, itemFailed, itemFailed, completedWithErrors, success])).toEqual([]);
  });

  test("in a batch is read in its place", () => {
    const inner = batch("batch", [two, three]);
    const call = batch("batchAll", [one, inner, burn(4)]);
    const events = [itemCompleted, itemCompleted, interrupted(1), itemCompleted, itemCompleted, completed, success];
    expect(serialsOf(alice, call, events)).toEqual([1, 2, 4]);
  });

  test("that failed as a whole inside another said nothing", () => {
    const call = batch("batch", [one, batch("batchAll", [two, three]), burn(4)]);
    expect(serialsOf(alice, call, [itemCompleted, interrupted(1), success])).toEqual([1]);
    const forced = batch("forceBatch", [one, batch("batchAll", [two, three]), burn(4)]);
    expect(serialsOf(alice, forced, [itemCompleted, itemFailed, itemCompleted, completedWithErrors, success])).toEqual([
      1, 4,
    ]);
  });

  test("of nothing is nothing", () => {
    expect(serialsOf(alice, batch("batch", []), [completed, success])).toEqual([]);
  });

  test("whose events do not fit counts for nothing", () => {
    const call = batch("batchAll", [one, two]);
    for (const events of [
      [],
      [completed],
      [itemCompleted, completed],
      [itemCompleted, itemCompleted],
      [itemCompleted, itemCompleted, itemCompleted, completed],
      [completed, itemCompleted, itemCompleted, completed],
    ]) {
      expect(serialsOf(alice, call, [...events, success])).toEqual([]);
    }
  });

  test("says other things between, which do not matter", () => {
    const call = batch("batchAll", [one, two]);
    const fee = other("balances", "Withdraw");
    const events = [
      fee,
      other("system", "Remarked"),
      itemCompleted,
      other("nfts", "Issued"),
      itemCompleted,
      completed,
      fee,
      success,
    ];
    expect(serialsOf(alice, call, events)).toEqual([1, 2]);
  });
});

describe("a payment that was not made", () => {
  const pay: Call = { section: "balances", method: "transferKeepAlive", args: { dest: bob, value: 100n } };
  const transfersOf = (...given: Parameters<typeof extrinsic>) =>
    remarksOf(extrinsic(...given)).map(({ transfers }) => transfers);

  test("is none, though the remark counts", () => {
    expect(transfersOf(alice, batch("batch", [one, pay]), [itemCompleted, interrupted(1), success])).toEqual([[]]);
    expect(
      transfersOf(alice, batch("forceBatch", [one, pay]), [itemCompleted, itemFailed, completedWithErrors, success]),
    ).toEqual([[]]);
  });

  /** Something that is not read here speaks as a batch would, so that an interrupted batch looks complete. */
  test.for<readonly [string, readonly Call[], readonly ChainEvent[]]>([
    [
      "another batch's end",
      [
        batch("batch", [pay, one]),
        { section: "utility", method: "asDerivative", args: { index: 0, call: batch("batch", []) } },
      ],
      [interrupted(0), itemCompleted, completed, itemCompleted, completed],
    ],
    [
      "another batch's end, with a batch to take the first one's",
      [batch("batch", [pay, one, batch("batch", [])]), { section: "contracts", method: "call", args: {} }],
      [interrupted(0), itemCompleted, completed, itemCompleted, completed],
    ],
    [
      "everything that a whole batch says",
      [batch("batch", [pay, one]), { section: "polkadotXcm", method: "execute", args: {} }],
      [interrupted(0), itemCompleted, itemCompleted, itemCompleted, completed, itemCompleted, completed],
    ],
  ])("does not come to be by %s", ([, calls, events]) => {
    expect(transfersOf(alice, batch("batchAll", calls), [...events, success])).toEqual([]);
  });

  test("to nobody that is known is none", () => {
    for (const args of [
      { dest: undefined, value: 1n },
      { dest: "bob", value: 1n },
      { dest: bob, value: 1 },
    ]) {
      const { call, events } = inBatch("batchAll", [one, { ...pay, args }]);
      expect(transfersOf(alice, call, [...events, success])).toEqual([[]]);
    }
  });

  test("by another way of paying is none", () => {
    for (const method of ["transferAll", "forceTransfer", "burn"]) {
      const { call, events } = inBatch("batchAll", [one, { ...pay, method }]);
      expect(transfersOf(alice, call, [...events, success])).toEqual([[]]);
    }
  });
});

describe("a proxy", () => {
  test("speaks for whom it may, if the chain let it", () => {
    expect(remarksOf(extrinsic(alice, proxy(dave, one), [proxied(true), success]))[0]!.caller).toBe(dave);
    expect(serialsOf(alice, proxy(dave, one), [proxied(false), success])).toEqual([]);
    expect(serialsOf(alice, proxy(dave, one), [success])).toEqual([]);
  });

  test("of a proxy speaks for the last of them", () => {
    const call = proxy(bob, proxy(dave, one));
    expect(remarksOf(extrinsic(alice, call, [proxied(true), proxied(true), success]))[0]!.caller).toBe(dave);
    expect(serialsOf(alice, call, [proxied(false), proxied(true), success])).toEqual([]);
  });

  test("pays for whom it speaks", () => {
    const pay: Call = { section: "balances", method: "transferKeepAlive", args: { dest: bob, value: 100n } };
    const { call, events } = inBatch("batchAll", [one, pay]);
    const [said] = remarksOf(extrinsic(alice, proxy(dave, call), [...events, proxied(true), success]));
    expect(said).toMatchObject({ caller: dave, transfers: [{ from: dave, to: bob, amount: 100n }] });
  });

  test("that announced what it does is one", () => {
    const call: Call = { ...proxy(dave, one), method: "proxyAnnounced" };
    expect(remarksOf(extrinsic(alice, call, [proxied(true), success]))[0]!.caller).toBe(dave);
  });
});

describe("a multisig", () => {
  const group = multisigAccount([alice, bob, charlie], 2);
  const asMulti: Call = {
    section: "multisig",
    method: "asMulti",
    args: { threshold: 2, otherSignatories: [bob, charlie], call: one },
  };

  test("speaks once enough of its members have", () => {
    expect(serialsOf(alice, asMulti, [other("multisig", "NewMultisig"), success])).toEqual([]);
    expect(serialsOf(alice, asMulti, [other("multisig", "MultisigApproval"), success])).toEqual([]);
    expect(remarksOf(extrinsic(alice, asMulti, [multisigExecuted(group), success]))[0]!.caller).toBe(group);
    expect(serialsOf(alice, asMulti, [multisigExecuted(group, false), success])).toEqual([]);
  });

  test("does not speak because another one did", () => {
    expect(serialsOf(alice, asMulti, [multisigExecuted(dave), success])).toEqual([]);
    const others: Call = { ...asMulti, args: { ...asMulti.args, threshold: 3, call: two } };
    const call = batch("batchAll", [asMulti, others]);
    const events = [
      multisigExecuted(group),
      itemCompleted,
      other("multisig", "MultisigApproval"),
      itemCompleted,
      completed,
      success,
    ];
    expect(serialsOf(alice, call, events)).toEqual([1]);
  });

  test("of one speaks at once, and newer runtimes say so", () => {
    const single = multisigAccount([alice, bob], 1);
    const call: Call = {
      section: "multisig",
      method: "asMultiThreshold1",
      args: { otherSignatories: [bob], call: one },
    };
    expect(remarksOf(extrinsic(alice, call, [success]))[0]!.caller).toBe(single);
    expect(remarksOf(extrinsic(alice, call, [multisigExecuted(single), success]))[0]!.caller).toBe(single);
    expect(serialsOf(alice, call, [multisigExecuted(single, false), success])).toEqual([]);
  });

  test("has one account, whoever of its members asks", () => {
    expect(multisigAccount([charlie, alice, bob], 2)).toBe(multisigAccount([alice, bob, charlie], 2));
    expect(multisigAccount([alice, bob, charlie], 2)).not.toBe(multisigAccount([alice, bob, charlie], 3));
  });
});

test("sudo, derivative accounts and whatever else dispatches say nothing for anybody", () => {
  for (const [section, method] of [
    ["sudo", "sudo"],
    ["sudo", "sudoAs"],
    ["utility", "asDerivative"],
    ["utility", "dispatchAs"],
    ["utility", "withWeight"],
    ["scheduler", "schedule"],
    ["multisig", "approveAsMulti"],
  ] as const) {
    expect(serialsOf(alice, { section, method, args: { call: one, remark: one.args["remark"] } }, [success])).toEqual(
      [],
    );
  }
});

describe("a runtime that does not say how each call ended", () => {
  test("is read where there is one way to read it", () => {
    expect(serialsOf(alice, one, [success], false)).toEqual([1]);
    expect(serialsOf(alice, batch("batchAll", [one, two]), [completed, success], false)).toEqual([1, 2]);
    expect(serialsOf(alice, batch("batch", [one, two]), [interrupted(1), success], false)).toEqual([1]);
  });

  test("is not where there are two", () => {
    expect(
      serialsOf(alice, batch("batch", [one, batch("batch", [two])]), [interrupted(0), completed, success], false),
    ).toEqual([]);
    expect(
      serialsOf(alice, batch("batch", [one, proxy(dave, two)]), [proxied(true), completed, success], false),
    ).toEqual([]);
    expect(serialsOf(alice, batch("forceBatch", [one, two]), [completedWithErrors, success], false)).toEqual([]);
    expect(serialsOf(alice, proxy(dave, one), [proxied(true), success], false)).toEqual([]);
    expect(serialsOf(alice, batch("batch", [one]), [success], false)).toEqual([]);
  });
});

test("calls deeper than any runtime decodes are an error", () => {
  let call = one;
  const events: ChainEvent[] = [];
  for (let at = 0; at < 300; at++) {
    call = batch("batchAll", [call]);
    events.push(itemCompleted, completed);
  }
  const code = (): unknown => {
    try {
      return executedCalls(extrinsic(alice, call, [...events, success]));
    } catch (error) {
      return error instanceof RmrkError ? error.code : error;
    }
  };
  expect(code()).toBe("calls-too-deep");
});

/** What would happen on chain: which remarks are executed, as whom, and what is said of it. */
interface Plan {
  readonly call: Call;
  readonly run: (origin: AccountId, out: [AccountId, Call][]) => readonly ChainEvent[] | undefined;
}

const plan: fc.Arbitrary<Plan> = fc.letrec<{ plan: Plan; leaf: Plan }>((tie) => ({
  leaf: fc.record({ serial: fc.nat(9_999_999), fails: fc.integer({ min: 0, max: 4 }) }).map(({ serial, fails }) => {
    const call = burn(serial);
    return {
      call,
      run: (origin, out) => (fails === 0 ? undefined : (out.push([origin, call]), [other("system", "Remarked")])),
    };
  }),
  plan: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("leaf"),
    fc
      .record({
        method: fc.constantFrom("batch", "batchAll", "forceBatch"),
        items: fc.array(tie("plan"), { maxLength: 4 }),
      })
      .map(({ method, items }): Plan => ({
        call: batch(
          method,
          items.map(({ call }) => call),
        ),
        run(origin, out) {
          const from = out.length;
          const events: ChainEvent[] = [];
          let failed = false;
          for (const [index, item] of items.entries()) {
            const before = out.length;
            const said = item.run(origin, out);
            if (said !== undefined) {
              events.push(...said, itemCompleted);
              continue;
            }
            out.length = before;
            if (method === "batchAll") return void (out.length = from);
            if (method === "batch") return [...events, interrupted(index)];
            failed = true;
            events.push(itemFailed);
          }
          return [...events, failed ? completedWithErrors : completed];
        },
      })),
    fc.record({ real: fc.constantFrom(bob, dave), inner: tie("plan") }).map(({ real, inner }): Plan => ({
      call: proxy(real, inner.call),
      run(_, out) {
        const from = out.length;
        const said = inner.run(real, out);
        if (said === undefined) out.length = from;
        return [...(said ?? []), proxied(said !== undefined)];
      },
    })),
    fc.record({ approved: fc.boolean(), inner: tie("plan") }).map(({ approved, inner }): Plan => ({
      call: {
        section: "multisig",
        method: "asMulti",
        args: { threshold: 2, otherSignatories: [charlie], call: inner.call },
      },
      run(origin, out) {
        if (!approved) return [other("multisig", "MultisigApproval")];
        const group = multisigAccount([origin, charlie], 2);
        const from = out.length;
        const said = inner.run(group, out);
        if (said === undefined) out.length = from;
        return [...(said ?? []), multisigExecuted(group, said !== undefined)];
      },
    })),
  ),
})).plan;

test("whatever is nested in whatever, exactly what was executed counts", () => {
  fc.assert(
    fc.property(plan, ({ call, run }) => {
      const out: [AccountId, Call][] = [];
      const said = run(alice, out);
      const events = said === undefined ? [other("system", "ExtrinsicFailed")] : [...said, success];
      const expected = said === undefined ? [] : out.map(([origin, leaf]) => ({ origin, call: leaf }));
      expect(executedCalls(extrinsic(alice, call, events))).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});
