/** Every way that is tried to gain an item of pallet-nfts, in one table; and the world on which it is tried, if its runtime is there. */
import { existsSync } from "node:fs";
import { spec } from "../../../ledger/nfts/hub.ts";
import type { Attempt } from "../attempt.ts";
import { attack, type Campaign, type CampaignOptions, type Met } from "../campaign.ts";
import { usesOf } from "../uses.ts";
import { AttackedHub } from "./attacked-hub.ts";
import { hosts } from "./hosts.ts";
import { redeemers } from "./redeemers.ts";
import { strangers } from "./strangers.ts";

export const nftsAttempts: readonly Attempt<AttackedHub>[] = [
  ...redeemers,
  ...strangers,
  ...hosts,
  ...usesOf<AttackedHub>(", on pallet-nfts"),
];

/** Whether `PHATROOM_VECTORS` names the folder that holds Asset Hub. */
export const hasHub = existsSync(spec);

/** Its blocks take longer, whatever is in them. */
const perBlock = 32;

/** As `attack`. */
export const nftsCampaign = (seed: number, met: Met, options: CampaignOptions): Promise<Campaign> =>
  attack({ ledger: "nfts", start: (numbers) => AttackedHub.start(numbers), attempts: nftsAttempts }, seed, met, {
    perBlock,
    ...options,
  });
