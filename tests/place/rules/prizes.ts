/** Rules by which whoever asks for it wins something, each under a reason of its own, and uses up what they own. */
import { accept, type Contract } from "#contract/index.ts";

interface Given {
  readonly given: number;
  /** What became of what somebody drank. */
  readonly drunk: readonly (string | null)[];
}

type PrizeMove = { readonly win: string; readonly item?: string } | { readonly drink: string };

export const prizes: Contract<Given, PrizeMove, Given> = {
  name: "prizes",
  players: { min: 1, max: 2 },
  presence: "any",
  collections: { CUPS: { max: 1000, metadata: "ipfs://ipfs/cups" } },
  moves: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value as PrizeMove }) } },
  open: () => ({ given: 0, drunk: [] }),
  consumed: (state, { refused }) => ({ ...state, drunk: [...state.drunk, refused] }),
  apply(state, move, context) {
    if ("drink" in move) {
      context.consume(context.player, move.drink);
      return accept(state);
    }
    const { win, item = "CUPS" } = move;
    context.award(context.player, { collection: item, symbol: "cup", metadata: "ipfs://ipfs/cup" }, { once: win });
    return accept({ ...state, given: state.given + 1 });
  },
  view: (state) => state,
};
