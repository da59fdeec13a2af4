/**
 * The board as an accessible grid of 12 by 12: ten by ten cells inside a ring of forty places to drop from. A pure
 * function of what it is given: the same view and the same aim draw the same board.
 */
import type { JSX } from "preact";
import { indexOf, sameCell, size, type Cell, type Seat } from "#dot4/board.ts";
import type { View } from "#dot4/view.ts";
import { Bomb, Burst, Chevron } from "./icons.tsx";
import type { By } from "./choose.ts";
import { expectedDrop } from "./expect.ts";
import { bombsAt, cellLabel, edgeLabel, isRestOf } from "./label.ts";
import { columnName, rowName } from "./names.ts";
import { sameAim, targetAt, type Aim, type Spot } from "./spots.ts";
import { Blast, Stone } from "./stone.tsx";

/** `look`: nothing can be chosen. `place`: cells are chosen for bombs. `drop`: a drop is chosen. */
export type BoardMode = "look" | "place" | "drop";

export interface BoardProps {
  readonly view: View;
  /** Whose stones are "yours"; null for spectators. */
  readonly seat: Seat | null;
  readonly mode: BoardMode;
  /** Cells chosen for bombs and not sent yet. */
  readonly chosen: readonly Cell[];
  /** The drop that is shown as a preview. */
  readonly aim: Aim | null;
  /** The spot that the Tab key leads to. */
  readonly focus: Spot;
  /** Whether the newest drop is shown moving; false for what was there when we came. */
  readonly moving: boolean;
  /** The game stands still: somebody is absent, or the line is lost. */
  readonly still: boolean;
  readonly onChoose: (spot: Spot, by: By) => void;
  /** The mouse is over a spot, or over none. */
  readonly onPoint: (spot: Spot | null) => void;
  readonly onKey: (event: KeyboardEvent, spot: Spot) => void;
  readonly onFocus: (spot: Spot) => void;
}

export function Board(props: BoardProps): JSX.Element {
  const { view, mode, still, onChoose, onPoint, onKey, onFocus } = props;
  const rows = Array.from({ length: size + 2 }, (_, row) => row);
  return (
    <div
      class="board"
      role="grid"
      aria-label="Board, columns A to J, rows 1 to 10"
      aria-readonly={mode === "look" ? "true" : undefined}
      data-mode={mode}
      data-still={still ? "" : undefined}
      data-seat={props.seat ?? undefined}
      onClick={(event) => withSpot(event, (spot) => onChoose(spot, deviceOf(event)))}
      onPointerOver={(event) => event.pointerType === "mouse" && withSpot(event, onPoint)}
      onPointerLeave={() => onPoint(null)}
      onKeyDown={(event) => withSpot(event, (spot) => onKey(event, spot))}
      onFocusIn={(event) => withSpot(event, onFocus)}
    >
      {rows.map((row) => (
        <div role="row" class="board-row" key={row}>
          {rows.map((column) => (
            <Place {...props} spot={{ row, column }} key={column} />
          ))}
        </div>
      ))}
      <div class="plate" aria-hidden="true" />
      {view.last?.explosion ? (
        <Blast last={view.last} explosion={view.last.explosion} moving={props.moving} key={view.drops} />
      ) : null}
    </div>
  );
}

interface PlaceProps extends BoardProps {
  readonly spot: Spot;
}

function Place(props: PlaceProps): JSX.Element {
  const target = targetAt(props.spot);
  if (target.kind === "cell") return <CellPlace {...props} cell={target.cell} />;
  if (target.kind === "edge") return <EdgePlace {...props} edge={target.aim} />;
  return <div class="corner" role="presentation" />;
}

function EdgePlace({ view, mode, aim, focus, spot, edge }: PlaceProps & { readonly edge: Aim }): JSX.Element {
  const expected = expectedDrop(view, edge);
  const usable = mode === "drop" && expected.path.length > 0;
  const across = edge.side === "top" || edge.side === "bottom";
  return (
    <div
      role="gridcell"
      class="edge"
      // Also while nothing can be dropped: who has just dropped with the keyboard keeps the place.
      tabIndex={tabIndexAt(focus, spot)}
      aria-label={edgeLabel(edge, expected)}
      aria-disabled={usable ? undefined : "true"}
      data-spot={`${spot.row},${spot.column}`}
      data-drop={`${edge.side}-${edge.line}`}
      data-side={edge.side}
      data-aimed={usable && sameAim(aim, edge) ? "" : undefined}
      data-usable={usable ? "" : undefined}
    >
      <Chevron />
      <small aria-hidden="true">{across ? columnName(edge.line) : rowName(edge.line)}</small>
    </div>
  );
}

function CellPlace(props: PlaceProps & { readonly cell: Cell }): JSX.Element {
  const { view, mode, chosen, aim, focus, spot, cell, moving, seat } = props;
  const stone = view.board[indexOf(cell)] ?? null;
  const bombs = bombsAt(view, seat, cell);
  const picked = includes(chosen, cell);
  const arrives = moving && isRestOf(view.last, cell);
  const expected = mode === "drop" && aim !== null ? expectedDrop(view, aim) : null;
  const end = expected?.path.at(-1);
  const isEnd = end !== undefined && sameCell(end, cell);
  return (
    <div
      role="gridcell"
      class="cell"
      tabIndex={tabIndexAt(focus, spot)}
      aria-label={cellLabel(view, seat, cell, stone, picked)}
      aria-selected={mode === "place" ? (picked ? "true" : "false") : undefined}
      data-spot={`${spot.row},${spot.column}`}
      data-cell={cell.join(",")}
      data-stone={stone ?? undefined}
      data-bomb={bombs.length > 0 ? bombs.join(" ") : undefined}
      data-picked={picked ? "" : undefined}
      data-trail={view.last !== null && includes(view.last.path, cell) ? "" : undefined}
      data-last={isRestOf(view.last, cell) ? "" : undefined}
      data-path={expected !== null && includes(expected.path, cell) ? "" : undefined}
      data-won={includes(view.winningLine, cell) ? "" : undefined}
    >
      {bombs.map((owner) => (
        <Bomb owner={owner} key={owner} />
      ))}
      {picked ? <Bomb owner={seat ?? 0} key="picked" /> : null}
      {stone === null ? null : (
        <Stone seat={stone} arrives={arrives ? view.last : null} key={arrives ? `arrives-${view.drops}` : "rests"} />
      )}
      {isEnd && seat !== null ? expected?.explodes ? <Burst /> : <span class="stone ghost" data-seat={seat} /> : null}
    </div>
  );
}

const includes = (cells: readonly Cell[], cell: Cell): boolean => cells.some((part) => sameCell(part, cell));

const tabIndexAt = (focus: Spot, spot: Spot): number =>
  focus.row === spot.row && focus.column === spot.column ? 0 : -1;

const deviceOf = (event: MouseEvent): By => {
  const type = (event as Partial<PointerEvent>).pointerType;
  return type === "touch" || type === "pen" ? "touch" : "mouse";
};

function withSpot(event: Event, use: (spot: Spot) => void): void {
  const place = (event.target as Element).closest<HTMLElement>("[data-spot]");
  const [row, column] = (place?.dataset["spot"] ?? "").split(",").map(Number);
  if (row !== undefined && column !== undefined) use({ row, column });
}
