/** Rules that let only those through a gate who own a cup, give one to whoever asks, and use one up for whoever drinks. */
import { accept, refuse, type Contract } from "#contract/index.ts";

interface Gate {
  /** Who has gone through, by seat; and what was heard of what everybody owns. */
  readonly through: readonly number[];
  readonly known: readonly (readonly [seat: number, items: number | null])[];
  /** What became of what somebody drank. */
  readonly drunk: readonly (string | null)[];
}

type GateMove = { readonly do: "win" | "pass" } | { readonly do: "drink"; readonly items: readonly string[] };

export const gate: Contract<Gate, GateMove, Gate> = {
  name: "gate",
  players: { min: 1, max: 2 },
  presence: "any",
  collections: { CUPS: { max: 1000, metadata: "ipfs://ipfs/cups" } },
  moves: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value as GateMove }) } },
  open: () => ({ through: [], known: [], drunk: [] }),
  items: (state, { seat, items }) => ({ ...state, known: [...state.known, [seat, items && items.length] as const] }),
  consumed: (state, { refused }) => ({ ...state, drunk: [...state.drunk, refused] }),
  apply(state, move, context) {
    const { player } = context;
    if (move.do === "win") {
      context.award(player, { collection: "CUPS", symbol: "cup" }, { once: player.id });
      return accept(state);
    }
    if (move.do === "drink") {
      for (const item of move.items) context.consume(player, item);
      return accept(state);
    }
    if (player.items === null) return refuse("What you own is not known just now.");
    if (!player.items.some(({ symbol }) => symbol === "cup")) return refuse("You have no cup.");
    return accept({ ...state, through: [...state.through, player.seat] });
  },
  view: (state) => state,
};
