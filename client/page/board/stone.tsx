/** A stone, how it arrives, and what an explosion takes: the parts of the board that move. The style sheet moves them. */
import type { CSSProperties, JSX } from "preact";
import { indexOf, sameCell, type Cell, type Seat } from "#dot4/board.ts";
import { blastCells, type Explosion } from "#dot4/explosion.ts";
import type { LastDrop } from "#dot4/view.ts";
import { Bomb, Scorch } from "./icons.tsx";
import { spotOfCell } from "./spots.ts";

/** A stone on its cell; one that has just been dropped comes in from the edge it was dropped at. */
export function Stone({ seat, arrives }: { readonly seat: Seat; readonly arrives: LastDrop | null }): JSX.Element {
  return <span class="stone" data-seat={seat} {...(arrives === null ? {} : flight(arrives))} />;
}

/** Where a stone comes from, in cells, and over how many; the style sheet makes a movement of it. */
function flight({ side, path }: LastDrop): { readonly "data-arrives": string; readonly style: CSSProperties } {
  const steps = path.length;
  const [dx, dy] = { top: [0, -1], bottom: [0, 1], left: [-1, 0], right: [1, 0] }[side] as [number, number];
  return {
    "data-arrives": "",
    style: { "--dx": String(dx * steps), "--dy": String(dy * steps), "--steps": String(steps) } as CSSProperties,
  };
}

interface BlastProps {
  readonly last: LastDrop;
  readonly explosion: Explosion;
  readonly moving: boolean;
}

/** What an explosion took, shown once more as it goes, and the scorched place it leaves until the next drop. */
export function Blast({ last, explosion, moving }: BlastProps): JSX.Element {
  const steps = { "--steps": String(last.path.length) } as CSSProperties;
  return (
    <div class="blast" aria-hidden="true" data-moving={moving ? "" : undefined} style={steps}>
      {blastCells(explosion.at).map((cell) => (
        <span class="scorched" style={placeOf(cell)} key={`s${indexOf(cell)}`}>
          {sameCell(cell, explosion.at) ? <Scorch /> : null}
        </span>
      ))}
      {moving ? (
        <>
          {explosion.bombs.map(({ cell, seat }) => (
            <span class="gone" style={placeOf(cell)} key={`b${seat}${indexOf(cell)}`}>
              <Bomb owner={seat} />
            </span>
          ))}
          {explosion.stones.map(({ cell, seat }) => (
            <span class="gone" style={placeOf(cell)} key={`g${indexOf(cell)}`}>
              <span class="stone" data-seat={seat} />
            </span>
          ))}
          <span class="gone flyer" style={placeOf(explosion.at)}>
            <span class="stone" data-seat={last.seat} {...flight(last)} />
          </span>
          <span class="flash" style={placeOf(explosion.at)} />
        </>
      ) : null}
    </div>
  );
}

/** Both lines of each, since what is out of the flow would reach to the edge of the board without the second. */
const placeOf = (cell: Cell): CSSProperties => {
  const { row, column } = spotOfCell(cell);
  return { gridRow: `${row + 1} / ${row + 2}`, gridColumn: `${column + 1} / ${column + 2}` };
};
