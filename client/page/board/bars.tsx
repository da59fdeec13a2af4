/** The bar under the board: what is chosen, and the button that makes it count. */
import type { JSX, TargetedEvent } from "preact";
import type { View } from "#dot4/view.ts";
import { Bomb } from "./icons.tsx";
import { bombsEach } from "./choose.ts";
import { expectedDrop } from "./expect.ts";
import { endOf } from "./label.ts";
import { aimName } from "./names.ts";
import type { Aim } from "./spots.ts";

interface HidingBarProps {
  /** Cells chosen so far. */
  readonly count: number;
  readonly busy: boolean;
  readonly onRandom: () => void;
  readonly onHide: () => void;
}

export const HidingBar = ({ count, busy, onRandom, onHide }: HidingBarProps): JSX.Element => (
  <>
    <p class="bar-text" role="status" data-chosen={count}>
      <b>
        {count} of {bombsEach}
      </b>{" "}
      {count < bombsEach ? "cells chosen" : "chosen. Tap one to take it back."}
    </p>
    <button class="button" type="button" data-action="random-bombs" disabled={busy} onClick={onRandom}>
      Choose for me
    </button>
    <button
      class="button main"
      type="button"
      data-action="hide-bombs"
      disabled={busy || count < bombsEach}
      onClick={(event) => {
        backToBoard(event);
        onHide();
      }}
    >
      <Bomb owner={0} />
      {busy ? "Hiding…" : "Hide them"}
    </button>
  </>
);

interface DropBarProps {
  readonly view: View;
  readonly aim: Aim | null;
  /** Aimed at by a tap, and waiting for a second one. */
  readonly held: boolean;
  readonly hint: string | null;
  readonly busy: boolean;
  readonly onDrop: () => void;
  readonly onCancel: () => void;
}

export function DropBar({ view, aim, held, hint, busy, onDrop, onCancel }: DropBarProps): JSX.Element {
  return (
    <>
      <p
        class="bar-text"
        role={held || hint !== null ? "status" : undefined}
        data-aim={aim ? `${aim.side}-${aim.line}` : undefined}
      >
        {hint ?? (aim === null ? "Choose an arrow at the edge of the board." : aimSentence(view, aim))}
      </p>
      {held ? (
        <>
          <button
            class="button"
            type="button"
            data-action="cancel-drop"
            onClick={(event) => {
              backToBoard(event);
              onCancel();
            }}
          >
            Cancel
          </button>
          <button
            class="button main"
            type="button"
            data-action="drop"
            disabled={busy}
            onClick={(event) => {
              backToBoard(event);
              onDrop();
            }}
          >
            Drop
          </button>
        </>
      ) : null}
    </>
  );
}

/** "From the top into column D: stops at D7 unless a bomb lies on the way." */
function aimSentence(view: View, aim: Aim): string {
  const name = aimName(aim);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${endOf(expectedDrop(view, aim))}.`;
}

/** The button is about to go; without this, who uses the keyboard would be nowhere. */
function backToBoard(event: TargetedEvent<HTMLElement>): void {
  const board = event.currentTarget.closest("section")?.querySelector<HTMLElement>('.board [tabindex="0"]');
  board?.focus({ preventScroll: true });
}
