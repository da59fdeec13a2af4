/** Histories of issuing in which everything goes wrong: each voucher is minted once, in every one of them. */
import { NftsChaos, period } from "../enclave/reward/nfts/nfts-chaos.ts";
import { Chaos } from "../enclave/reward/chaos.ts";
import type { DeepCheck } from "./deep.ts";

export const issuing: DeepCheck = {
  name: "issuing",
  unit: "histories of issuing",
  full: 1000,
  slice: 20,
  async run({ seed, count, progress }) {
    const sum = { awarded: 0, starts: 0, rollbacks: 0, stopped: 0 };
    for (let done = 0; done < count; done++) {
      const outcome = await new Chaos(seed + done, { nonces: (seed + done) % 2 === 0 }).run();
      if (outcome.least !== 1 || outcome.most !== 1) {
        throw new Error(`seed ${seed + done}: a voucher was minted ${outcome.least} to ${outcome.most} times`);
      }
      for (const key of ["awarded", "starts", "rollbacks", "stopped"] as const) sum[key] += outcome[key];
      progress?.(done);
    }
    return { count, figures: sum };
  },
};

/** The same on pallet-nfts, where players redeem and burn as well: each voucher has one place, in every history. */
export const issuingNfts: DeepCheck = {
  name: "issuing-nfts",
  unit: "histories of issuing on pallet-nfts",
  full: 1000,
  slice: 12,
  async run({ seed, count, progress }) {
    const sum = { awarded: 0, starts: 0, rollbacks: 0, burns: 0, repeated: 0 };
    for (let done = 0; done < count; done++) {
      const burns = (seed + done) % 2 === 0;
      const outcome = await new NftsChaos(seed + done, { burns }).run();
      const { least, most, repeated, repeatedAfter } = outcome;
      const once = least === 1 && most === 1 && (burns ? repeatedAfter < period : repeated === 0);
      if (!once) throw new Error(`seed ${seed + done}: ${JSON.stringify(outcome)}`);
      for (const key of ["awarded", "starts", "rollbacks", "burns", "repeated"] as const) sum[key] += outcome[key];
      progress?.(done);
    }
    return { count, figures: sum };
  },
};
