/** The issuer of RMRK's remarks holds what every issuer must, on a chain reduced to what issuing depends on. */
import { Issuer } from "#enclave/reward/issuer.ts";
import { isRmrk } from "#rmrk/codec/fields.ts";
import { decodeRemark } from "#rmrk/codec/interaction.ts";
import {
  collection,
  issuer,
  ModelFollower,
  ModelLedger,
  prefix,
  remarksIn,
  signModel,
} from "../enclave/reward/model-ledger.ts";
import { issuerConformance, type IssuingLedger } from "./issuer.ts";

function open(): IssuingLedger {
  const ledger = new ModelLedger();
  let boots = 0;
  let funded = true;
  const block = (): void => {
    ledger.newBlock();
    ledger.finalize(0);
  };
  return {
    collection,
    start({ journal, lost = () => false, signs = true, broken = () => false }) {
      const follower = new ModelFollower(ledger);
      const made = new Issuer({
        account: issuer,
        boot: new Uint8Array(32).fill(++boots),
        period: 8,
        entries: journal.slice(),
        journal: {
          append: (entry) => (broken() ? Promise.reject(new Error("away")) : Promise.resolve(void journal.push(entry))),
        },
        signs,
        sign: signModel,
        submit: (transaction) => {
          if (!lost()) ledger.submit(transaction);
          return Promise.resolve();
        },
      });
      return {
        issuer: made,
        async turn() {
          const step = follower.follow(ledger.finalized.number);
          if (step !== undefined) await made.turn({ ...step.view, funded }, step.words);
        },
      };
    },
    advance(blocks) {
      for (let left = blocks; left > 0; left--) block();
    },
    exchange(blocks) {
      for (let left = blocks; left > 0; left--) ledger.newBlock();
      ledger.fork(blocks, 1);
    },
    set(obstacle) {
      funded = obstacle !== "issuer-unfunded";
    },
    minted() {
      const counts = new Map<string, number>();
      for (const { transactions } of ledger.finalChain(ledger.finalized.number)) {
        for (const bytes of transactions.flatMap((transaction) => remarksIn(transaction))) {
          const said = isRmrk(bytes) ? decodeRemark(bytes, prefix) : undefined;
          if (said?.op !== "MINT") continue;
          const voucher = said.properties.get("voucher")!.value as string;
          counts.set(voucher, (counts.get(voucher) ?? 0) + 1);
        }
      }
      return counts;
    },
  };
}

// What a collection's chain says against it is in tests/enclave/reward/issuer.test.ts.
issuerConformance(open, ["issuer-unfunded"]);
