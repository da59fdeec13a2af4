/**
 * What one transaction may cost. Its length is bounded by what goes into a batch, its work by what goes into a block of the
 * pinned runtime, and what the chain asks for that work by this: so an issuer's funds are not spent on full blocks, whoever fills
 * them, and a host that shows another multiplier than the state has is not believed.
 */
import { feeMultiplierOne } from "../ledger/runtime/fees.ts";

/** Times what work usually costs. */
export const feeMultiplierUsualMax = 10;

/** As fine as terms are read. */
const parts = 1e9;

/** @param multiplier in units of 10⁻¹⁸. @param max times what is usual. */
export const isDear = (multiplier: bigint, max = feeMultiplierUsualMax): boolean =>
  multiplier > (BigInt(Math.round(max * parts)) * feeMultiplierOne) / BigInt(parts);
