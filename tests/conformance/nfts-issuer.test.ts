/** The issuer of pallet-nfts holds what every issuer must, on a chain reduced to what issuing depends on. */
import { NftsIssuer } from "#enclave/reward/nfts-issuer.ts";
import { nftsItemId } from "#enclave/ledger/nfts/used.ts";
import type { PreSignedMint } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import {
  cold,
  collection,
  givenBelow,
  issuer,
  ModelNfts,
  number,
  signDoing,
  type Owner,
} from "../enclave/reward/nfts/model-nfts.ts";
import { usesConformance } from "./issuer-uses.ts";
import { issuerConformance, type IssuingLedger, type Obstacle } from "./issuer.ts";

const obstacles: { readonly [O in Obstacle]: Partial<Owner> } = {
  "collection-unknown": { named: false },
  "not-issuer": { issues: false },
  "issuer-unfunded": { funded: false },
  "fee-too-high": { dear: true },
  "collection-full": { max: 0 },
};

function open(): IssuingLedger {
  const ledger = new ModelNfts();
  const { owner } = ledger;
  const signed: PreSignedMint[] = [];
  return {
    collection,
    start({ journal, lost = () => false, signs = true, broken = () => false, used }) {
      const made = new NftsIssuer({
        account: issuer,
        owner: cold,
        period: 8,
        givenBelow,
        collections: new Map([[collection, 1000]]),
        entries: journal.slice(),
        journal: {
          append: (entry) => (broken() ? Promise.reject(new Error("away")) : Promise.resolve(void journal.push(entry))),
        },
        signs,
        say: (isSaid) => used?.words(isSaid) ?? [],
        read: (question, view) => ledger.read(question, view),
        preSign: (mint) => {
          signed.push(mint);
          return { mint, signer: issuer, signature: new Uint8Array(64) };
        },
        sign: signDoing,
        submit: (transaction) => {
          if (!lost()) ledger.submit(transaction);
          return Promise.resolve();
        },
      });
      return {
        issuer: made,
        turn() {
          const { view, words } = ledger.viewAt(ledger.finalized.number);
          return made.turn(view, words);
        },
      };
    },
    advance(blocks) {
      for (const mint of signed.splice(0)) ledger.redeem(mint, mint.onlyAccount);
      for (let left = blocks; left > 0; left--) ledger.newBlock();
      ledger.finalize();
    },
    exchange(blocks) {
      for (let left = blocks; left > 0; left--) ledger.newBlock();
      ledger.fork(blocks, 1);
    },
    set(obstacle) {
      ledger.owner = { ...owner, ...(obstacle && obstacles[obstacle]) };
      ledger.newBlock();
      ledger.finalize();
    },
    minted() {
      const counts = new Map<string, number>();
      for (const { voucher } of ledger.finalized.state.minted) counts.set(voucher, (counts.get(voucher) ?? 0) + 1);
      return counts;
    },
    itemOf({ id }) {
      const { item } = ledger.finalized.state.minted.find(({ voucher }) => voucher === id)!;
      return nftsItemId({ collection: number, item });
    },
    saidUsed() {
      return ledger.finalized.state.words.map(
        ({ bytes }) => /nfts-[0-9]+-[0-9]+$/.exec(Buffer.from(bytes).toString())![0],
      );
    },
  };
}

issuerConformance(open, Object.keys(obstacles) as Obstacle[]);
usesConformance(open);
