/** The issuer of RMRK's remarks holds what every issuer must, on a chain reduced to what issuing depends on. */
import { Issuer } from "#enclave/reward/issuer.ts";
import { isRmrk } from "#rmrk/codec/fields.ts";
import { decodeRemark, type Interaction } from "#rmrk/codec/interaction.ts";
import { nftIdOf, type NftId } from "#rmrk/ids.ts";
import {
  collection,
  issuer,
  ModelFollower,
  ModelLedger,
  prefix,
  remarksIn,
  signModel,
} from "../enclave/reward/model-ledger.ts";
import { usesConformance } from "./issuer-uses.ts";
import { issuerConformance, type IssuingLedger } from "./issuer.ts";

function open(): IssuingLedger {
  const ledger = new ModelLedger();
  let boots = 0;
  let [funded, dear] = [true, false];
  const block = (): void => {
    ledger.newBlock();
    ledger.finalize(0);
  };
  return {
    collection,
    start({ journal, lost = () => false, signs = true, broken = () => false, used }) {
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
        say: (items) => used?.remarks(items, issuer) ?? [],
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
          if (step !== undefined) await made.turn({ ...step.view, funded, dear }, step.words);
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
      dear = obstacle === "fee-too-high";
    },
    minted() {
      const counts = new Map<string, number>();
      for (const { voucher } of mintsOn(ledger)) counts.set(voucher, (counts.get(voucher) ?? 0) + 1);
      return counts;
    },
    itemOf: ({ id }) => mintsOn(ledger).find(({ voucher }) => voucher === id)!.nft,
    saidUsed: () => saidOn(ledger).flatMap(({ said }) => (said.op === "SETPROPERTY" ? [said.nft] : [])),
  };
}

function mintsOn(ledger: ModelLedger): readonly { readonly voucher: string; readonly nft: NftId }[] {
  return saidOn(ledger).flatMap(({ block, said }) => {
    if (said.op !== "MINT") return [];
    const voucher = said.properties.get("voucher")!.value as string;
    return [{ voucher, nft: nftIdOf(block, said.collection, said.symbol, said.serial) }];
  });
}

/** In final blocks. */
function saidOn(ledger: ModelLedger): readonly { readonly block: number; readonly said: Interaction }[] {
  return ledger
    .finalChain(ledger.finalized.number)
    .flatMap(({ number, transactions }) =>
      transactions
        .flatMap((transaction) => remarksIn(transaction))
        .flatMap((bytes) => (isRmrk(bytes) ? [{ block: number, said: decodeRemark(bytes, prefix) }] : [])),
    );
}

// What a collection's chain says against it is in tests/enclave/reward/issuer.test.ts.
issuerConformance(open, ["issuer-unfunded", "fee-too-high"]);
usesConformance(open);
