/** Rules by which whoever asks for it wins something, each under a reason of its own. */
import { accept, type Contract } from "#contract/index.ts";

interface Given {
  readonly given: number;
}

type PrizeMove = { readonly win: string; readonly item?: string };

export const prizes: Contract<Given, PrizeMove, Given> = {
  name: "prizes",
  players: { min: 1, max: 2 },
  presence: "any",
  collections: { CUPS: { max: 1000, metadata: "ipfs://ipfs/cups" } },
  moves: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value as PrizeMove }) } },
  open: () => ({ given: 0 }),
  apply(state, { win, item = "CUPS" }, context) {
    context.award(context.player, { collection: item, symbol: "cup", metadata: "ipfs://ipfs/cup" }, { once: win });
    return accept({ given: state.given + 1 });
  },
  view: ({ given }) => ({ given }),
};
