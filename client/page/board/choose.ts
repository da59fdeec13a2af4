/** What a tap, a click or the Enter key on the board means. Pure. */
import { sameCell, type Cell } from "#dot4/board.ts";
import type { View } from "#dot4/view.ts";
import { expectedDrop } from "./expect.ts";
import { aimAtRim, nextAimAt, sameAim, type Aim, type Target } from "./spots.ts";

/** What a player hides before play. Not imported from the rules, whose moves bring a schema library along. */
export const bombsEach = 3;

/** Who is asking: a finger aims first, a mouse or a key means what it hits. */
export type By = "mouse" | "touch" | "key";

type Decision =
  /** Drop now. */
  | { readonly kind: "drop"; readonly aim: Aim }
  /** Show where it would go, and wait for a second tap or the button. */
  | { readonly kind: "hold"; readonly aim: Aim }
  /** Nothing, and why. */
  | { readonly kind: "none"; readonly reason: string };

/**
 * An arrow at the edge, or a cell of the rim, names a drop: the mouse drops at once, since its preview was on the
 * board; a finger or the Enter key on a cell aims first. A cell further inside means the drop that would rest there.
 *
 * @param held the drop that was aimed at before.
 */
export function decideDrop(view: View, target: Target, held: Aim | null, by: By): Decision {
  if (target.kind === "corner") return { kind: "none", reason: "" };
  if (target.kind === "edge") {
    if (!enters(view, target.aim)) return { kind: "none", reason: "A stone blocks this line." };
    const sure = by !== "touch" || sameAim(held, target.aim);
    return { kind: sure ? "drop" : "hold", aim: target.aim };
  }
  const atRim = aimAtRim(target.cell);
  if (atRim !== null && enters(view, atRim)) {
    const sure = by === "mouse" || sameAim(held, atRim);
    return { kind: sure ? "drop" : "hold", aim: atRim };
  }
  const aim = nextAimAt(view.board, target.cell, held);
  if (aim === null) return { kind: "none", reason: "No stone can stop there." };
  return { kind: sameAim(aim, held) ? "drop" : "hold", aim };
}

/** The drop that the mouse points at, for the preview. */
export function aimUnder(view: View, target: Target): Aim | null {
  const aim = target.kind === "edge" ? target.aim : target.kind === "cell" ? aimAtRim(target.cell) : null;
  return aim !== null && enters(view, aim) ? aim : null;
}

/** The chosen cells after one was tapped: taken back if it was chosen, added while there are bombs left. */
export function toggleBomb(chosen: readonly Cell[], cell: Cell): readonly Cell[] {
  const others = chosen.filter((own) => !sameCell(own, cell));
  if (others.length < chosen.length) return others;
  return chosen.length < bombsEach ? [...chosen, cell] : chosen;
}

const enters = (view: View, aim: Aim): boolean => expectedDrop(view, aim).path.length > 0;
