/** A worker that issues items of pallet-nfts, on a journal as its host likes it. */
import type { Word } from "#enclave/ledger/follow/block.ts";
import type { View } from "#enclave/ledger/follow/follower.ts";
import type { ChainSource } from "#enclave/ledger/follow/source.ts";
import { issuerFor, type FullView } from "#enclave/reward/ledgers.ts";
import type { Voucher } from "#enclave/reward/voucher.ts";
import type { VoucherIssuer } from "#enclave/reward/voucher-issuer.ts";
import type { PreSigned } from "#protocol/award.ts";
import { cold, issuer } from "../../../ledger/nfts/hub.ts";
import { prefix } from "../../devnet-world.ts";

/** Blocks that live what is signed. */
export const period = 8;
const itemsEver = 1_000_000;

export class HubWorker {
  readonly issuer: VoucherIssuer<FullView>;

  /** @param source what it is told of the chain, and where it sends to. */
  constructor(source: Pick<ChainSource, "storage" | "submit">, entries: readonly Uint8Array[], journal: Uint8Array[]) {
    this.issuer = issuerFor({
      key: issuer,
      collections: { CUPS: { max: itemsEver, metadata: "ipfs://ipfs/cups" } },
      chain: {
        runtimes: [],
        prefix,
        period,
        ageMaxMs: 1,
        owner: cold.account,
        nfts: { givenBelow: 1_000_000_000n, deadlines: "own" },
      },
      source,
      issues: true,
      random: (length) => new Uint8Array(length),
    })({
      entries,
      journal: { append: (entry) => Promise.resolve(void journal.push(entry)) },
      say: () => [],
      sayOfPlaces: () => [],
    });
  }

  turn(view: View, words: readonly Word[]): Promise<void> {
    const { block, items, nonces } = view;
    const nonce = nonces.get(issuer.account)!;
    return this.issuer.turn({ block, items, nonce, funded: true, whole: view }, words);
  }

  isFinal({ id }: Voucher): boolean {
    return this.issuer.stageOf(id)?.stage === "final";
  }

  /** What is signed for its player to use. */
  mintOf({ id }: Voucher): PreSigned | undefined {
    const stage = this.issuer.stageOf(id);
    return stage?.stage === "redeemable" ? stage.mint : undefined;
  }
}
