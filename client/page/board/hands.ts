/** What hands do on the board: where they point, what they hold ready, and what they choose, as signals of a component. */
import { useComputed, useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Cell } from "#dot4/board.ts";
import type { View } from "#dot4/view.ts";
import type { BoardMode } from "./board.tsx";
import { aimUnder, decideDrop, toggleBomb, type By } from "./choose.ts";
import { spotAfterKey, targetAt, type Aim, type Spot } from "./spots.ts";

interface Hands {
  /** Cells chosen for bombs. */
  readonly chosen: Signal<readonly Cell[]>;
  /** The drop shown as a preview: under the mouse, or else held ready. */
  readonly aim: ReadonlySignal<Aim | null>;
  /** The drop that one more tap makes. */
  readonly held: ReadonlySignal<Aim | null>;
  readonly focus: ReadonlySignal<Spot>;
  /** Why the newest tap did nothing. */
  readonly hint: ReadonlySignal<string | null>;
  readonly choose: (spot: Spot, by: By) => void;
  readonly press: (event: KeyboardEvent, spot: Spot) => void;
  readonly point: (spot: Spot | null) => void;
  readonly rest: (spot: Spot) => void;
  /** Lets go of what was held. */
  readonly clear: () => void;
}

export function useHands(view: View, mode: BoardMode, onDrop: (aim: Aim) => void): Hands {
  const chosen = useSignal<readonly Cell[]>([]);
  const pointed = useSignal<Aim | null>(null);
  const held = useSignal<Aim | null>(null);
  const focus = useSignal<Spot>({ row: 1, column: 1 });
  const hint = useSignal<string | null>(null);
  const aim = useComputed(() => pointed.value ?? held.value);

  const clear = (): void => {
    pointed.value = null;
    held.value = null;
    hint.value = null;
  };
  useEffect(clear, [mode, view.drops]);

  const choose = (spot: Spot, by: By): void => {
    const target = targetAt(spot);
    if (mode === "place" && target.kind === "cell") chosen.value = toggleBomb(chosen.value, target.cell);
    if (mode !== "drop") return;
    const decision = decideDrop(view, target, held.value, by);
    hint.value = decision.kind === "none" ? decision.reason : null;
    if (decision.kind === "hold") held.value = decision.aim;
    if (decision.kind === "drop") {
      clear();
      onDrop(decision.aim);
    }
  };
  const point = (spot: Spot | null): void => {
    pointed.value = mode === "drop" && spot !== null ? aimUnder(view, targetAt(spot)) : null;
  };
  const press = (event: KeyboardEvent, spot: Spot): void => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(spot, "key");
      return;
    }
    const next = spotAfterKey(spot, event.key, mode === "drop");
    if (next === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    focus.value = next;
    placeIn(event.currentTarget, next)?.focus();
  };
  const rest = (spot: Spot): void => {
    focus.value = spot;
    point(targetAt(spot).kind === "edge" ? spot : null);
  };
  return { chosen, aim, held, focus, hint, choose, press, point, rest, clear };
}

const placeIn = (grid: EventTarget | null, { row, column }: Spot): HTMLElement | null =>
  grid instanceof HTMLElement ? grid.querySelector(`[data-spot="${row},${column}"]`) : null;
