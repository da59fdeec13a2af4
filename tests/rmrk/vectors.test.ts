/** The vectors in `rmrk.json` are what today's code writes, reads and does. */
import { describe, expect, test } from "vitest";
import { decodeAddress, type AccountId } from "#rmrk/account.ts";
import { decodeRemark, encodeRemark } from "#rmrk/codec/interaction.ts";
import { apply } from "#rmrk/consolidator.ts";
import { decodeSnapshot, encodeSnapshot, stateHash } from "#rmrk/state/snapshot.ts";
import { emptyState } from "#rmrk/state/state.ts";
import { bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";
import golden from "../vectors/rmrk.json" with { type: "json" };
import { rmrkVectors, type RmrkVectors } from "../vectors/rmrk-cases.ts";
import { prefix } from "./support/people.ts";

const { addresses, remarks, chain }: RmrkVectors = golden;

test("the file is what the code writes today", () => {
  expect(rmrkVectors()).toEqual(golden);
});

test("multisigs have the accounts that @polkadot/util-crypto 14.0.3 computes", () => {
  expect(golden.multisigs.map(({ account }) => account)).toEqual([
    "49daa32c7287890f38b7e1a8cd2961723d36d20baa0bf3b82e0c4bdda93b1c0a",
    "d5277746593865c2ad297dbed49f6a0e63a245b8dcf77c18d2f1170ab6d406f5",
  ]);
});

test.for(addresses)("$address is on network $prefix", ({ account, prefix: network, address }) => {
  expect(decodeAddress(address, network)).toBe(account);
});

describe("a remark", () => {
  test.for(remarks)("$interaction.op is written as it was read", ({ remark }) => {
    const again = encodeRemark(decodeRemark(utf8ToBytes(remark), prefix), prefix);
    expect(String.fromCharCode(...again)).toBe(remark);
  });
});

test("the chain's remarks make the state, from the start and from a snapshot at any block", () => {
  for (const stop of [0, 40, 80, chain.remarks.length]) {
    let state = emptyState(chain.prefix);
    for (const [at, { block, extrinsic, caller, transfers, remark, outcome }] of chain.remarks.entries()) {
      if (at === stop) state = decodeSnapshot(encodeSnapshot(state));
      const paid = transfers.map(({ from, to, amount }) => ({
        from: from as AccountId,
        to: to as AccountId,
        amount: BigInt(amount),
      }));
      const said = { block, extrinsic, caller: caller as AccountId, bytes: utf8ToBytes(remark), transfers: paid };
      const result = apply(state, said);
      expect(result.accepted ? "accepted" : result.code).toBe(outcome);
    }
    expect(bytesToHex(stateHash(state))).toBe(chain.stateHash);
  }
});
