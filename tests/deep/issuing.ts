/** Histories of issuing in which everything goes wrong: each voucher is minted once, in every one of them. */
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
      const outcome = await new Chaos(seed + done, { nonces: done % 2 === 0 }).run();
      if (outcome.least !== 1 || outcome.most !== 1) {
        throw new Error(`seed ${seed + done}: a voucher was minted ${outcome.least} to ${outcome.most} times`);
      }
      for (const key of ["awarded", "starts", "rollbacks", "stopped"] as const) sum[key] += outcome[key];
      progress?.(done);
    }
    return { count, figures: sum };
  },
};
