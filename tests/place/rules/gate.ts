/** Rules that let only those through a gate who own a cup, and give one to whoever asks. */
import { accept, refuse, type Contract } from "#contract/index.ts";

interface Gate {
  /** Who has gone through, by seat; and what was heard of what everybody owns. */
  readonly through: readonly number[];
  readonly known: readonly (readonly [seat: number, items: number | null])[];
}

type GateMove = { readonly do: "win" } | { readonly do: "pass" };

export const gate: Contract<Gate, GateMove, Gate> = {
  name: "gate",
  players: { min: 1, max: 2 },
  presence: "any",
  collections: { CUPS: { max: 1000, metadata: "ipfs://ipfs/cups" } },
  moves: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value as GateMove }) } },
  open: () => ({ through: [], known: [] }),
  items: (state, { seat, items }) => ({ ...state, known: [...state.known, [seat, items && items.length] as const] }),
  apply(state, move, context) {
    const { player } = context;
    if (move.do === "win") {
      context.award(player, { collection: "CUPS", symbol: "cup" }, { once: player.id });
      return accept(state);
    }
    if (player.items === null) return refuse("What you own is not known just now.");
    if (!player.items.some(({ symbol }) => symbol === "cup")) return refuse("You have no cup.");
    return accept({ ...state, through: [...state.through, player.seat] });
  },
  view: (state) => state,
};
