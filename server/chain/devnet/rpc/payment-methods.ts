/** JSON-RPC `payment_*`: what a transaction would cost. */
import type { DevelopmentChain } from "../chain.ts";
import { ScaleReader } from "../scale.ts";
import { blockAt } from "./blocks.ts";
import type { Methods } from "./json-rpc.ts";

const classes = ["normal", "operational", "mandatory"] as const;
/** From this version of the interface on, weight has two dimensions. */
const weightOfTwo = 2;
const balanceLength = 16;

export const paymentMethods = (chain: DevelopmentChain): Methods => ({
  payment_queryInfo: (parameters) => {
    const block = blockAt(chain, parameters.hash(1));
    const runtime = chain.runtime(block);
    const reader = new ScaleReader(runtime.payment("query_info", parameters.transaction(0), block.state));
    const two = (runtime.interface("TransactionPaymentApi") ?? 1) >= weightOfTwo;
    const weight = two
      ? { ref_time: Number(reader.compactInteger()), proof_size: Number(reader.compactInteger()) }
      : Number(reader.integer(8));
    return { weight, class: classes[reader.u8()], partialFee: reader.integer(balanceLength).toString() };
  },
  payment_queryFeeDetails: (parameters) => {
    const block = blockAt(chain, parameters.hash(1));
    const runtime = chain.runtime(block);
    const reader = new ScaleReader(runtime.payment("query_fee_details", parameters.transaction(0), block.state));
    if (reader.u8() === 0) return { inclusionFee: null };
    const amount = (): string => `0x${reader.integer(balanceLength).toString(16)}`;
    return { inclusionFee: { baseFee: amount(), lenFee: amount(), adjustedWeightFee: amount() } };
  },
});
