/** The board with hands on it, and the bar below: turns what is chosen into moves. */
import type { JSX } from "preact";
import { cellAt, size, type Cell, type Seat } from "#dot4/board.ts";
import type { Move } from "#dot4/moves.ts";
import type { View } from "#dot4/view.ts";
import { DropBar, HidingBar } from "./bars.tsx";
import { Board, type BoardMode } from "./board.tsx";
import { bombsEach } from "./choose.ts";
import { useHands } from "./hands.ts";
import type { Aim } from "./spots.ts";

interface PlayBoardProps {
  /** Null: the room does not show anything yet. */
  readonly view: View | null;
  readonly seat: Seat | null;
  readonly moving: boolean;
  readonly still: boolean;
  readonly busy: boolean;
  readonly refusal: string | null;
  readonly onMove: (move: Move) => void;
}

export function PlayBoard({ view, seat, moving, still, busy, refusal, onMove }: PlayBoardProps): JSX.Element {
  const shown = view ?? emptyView;
  const mode = modeOf(view, seat, still);
  const drop = (aim: Aim): void => {
    if (!busy) onMove({ kind: "drop", ...aim });
  };
  const hands = useHands(shown, mode, drop);
  const held = hands.held.value;
  return (
    <>
      <Board
        view={shown}
        seat={seat}
        mode={mode}
        chosen={mode === "place" ? hands.chosen.value : []}
        aim={mode === "drop" ? hands.aim.value : null}
        focus={hands.focus.value}
        moving={moving}
        still={still}
        onChoose={hands.choose}
        onPoint={hands.point}
        onKey={hands.press}
        onFocus={hands.rest}
      />
      <div class="bar" data-bar={mode}>
        {refusal === null ? null : (
          <p class="refusal" role="alert">
            {refusal}
          </p>
        )}
        {mode === "place" ? (
          <HidingBar
            count={hands.chosen.value.length}
            busy={busy}
            onRandom={() => {
              hands.chosen.value = randomCells();
            }}
            onHide={() => onMove(placeAt(hands.chosen.value))}
          />
        ) : null}
        {mode === "drop" ? (
          <DropBar
            view={shown}
            aim={hands.aim.value}
            held={held !== null}
            hint={hands.hint.value}
            busy={busy}
            onDrop={() => {
              if (held === null) return;
              hands.clear();
              drop(held);
            }}
            onCancel={hands.clear}
          />
        ) : null}
      </div>
    </>
  );
}

/** What the player may do now. */
function modeOf(view: View | null, seat: Seat | null, still: boolean): BoardMode {
  if (view === null || seat === null || still) return "look";
  if (view.phase === "placing" && !view.ready[seat]) return "place";
  return view.phase === "playing" && view.turn === seat ? "drop" : "look";
}

/** Shown while the room shows nothing. */
const emptyView: View = {
  phase: "waiting",
  board: Array.from({ length: size * size }, () => null),
  turn: null,
  deadline: null,
  turnSeconds: 0,
  ready: [false, false],
  drops: 0,
  last: null,
  scores: [
    { stones: 0, lost: 0, bombs: bombsEach },
    { stones: 0, lost: 0, bombs: bombsEach },
  ],
  bombs: [],
  result: null,
  winningLine: [],
  revealed: null,
};

/** The move that hides bombs in these three cells. */
function placeAt([a, b, c]: readonly Cell[]): Move {
  if (a === undefined || b === undefined || c === undefined) throw new Error("three cells are chosen first");
  return { kind: "place", bombs: [[...a], [...b], [...c]] };
}

function randomCells(): Cell[] {
  const left = Array.from({ length: size * size }, (_, index) => cellAt(index));
  const draw = (): Cell => left.splice(crypto.getRandomValues(new Uint32Array(1))[0]! % left.length, 1)[0]!;
  return Array.from({ length: bombsEach }, draw);
}
