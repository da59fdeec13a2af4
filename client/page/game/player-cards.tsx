/** Both players: shape and colour, name, bombs left, whose turn it is, and whether they are here. Pure. */
import type { JSX } from "preact";
import type { View } from "#dot4/view.ts";
import { Crown } from "#kit/parts/icons.tsx";
import { clockText } from "./clock.ts";
import type { Person } from "./people.ts";

interface PlayerCardsProps {
  readonly people: readonly [Person, Person];
  readonly view: View | null;
  /** Milliseconds since `waitMs` was true. */
  readonly sinceMs: number;
}

export const PlayerCards = ({ people, view, sinceMs }: PlayerCardsProps): JSX.Element => (
  <ul class="people" aria-label="Players">
    {people.map((person) => (
      <PlayerCard person={person} view={view} sinceMs={sinceMs} key={person.seat} />
    ))}
  </ul>
);

function PlayerCard({ person, view, sinceMs }: Omit<PlayerCardsProps, "people"> & { readonly person: Person }) {
  const { seat, name, you, seated, present } = person;
  const score = view?.scores[seat];
  const turn = view?.phase === "playing" && view.turn === seat;
  const won = view?.result?.winner === seat;
  return (
    <li
      class="glass person"
      data-player={seat}
      data-you={you ? "" : undefined}
      data-turn={turn ? "" : undefined}
      data-present={seated ? String(present) : undefined}
      aria-current={turn ? "true" : undefined}
    >
      <span class="stone" data-seat={seat} data-empty={seated ? undefined : ""} aria-hidden="true" />
      <div class="person-text">
        <b>
          <span class="person-name">{name}</span>
          {you ? <span class="tag">you</span> : null}
          {won ? <Crown /> : null}
        </b>
        <small data-state>{stateOf(person, view, sinceMs)}</small>
      </div>
      {seated && score !== undefined && view?.phase !== "waiting" ? (
        <span class="bombs-left" role="img" aria-label={`${score.bombs} of 3 bombs left`}>
          {[0, 1, 2].map((at) => (
            <i key={at} data-used={at >= score.bombs ? "" : undefined} />
          ))}
        </span>
      ) : null}
    </li>
  );
}

/** What a player is doing, in a few words. */
export function stateOf(person: Person, view: View | null, sinceMs: number): string {
  if (!person.seated) return "seat is free";
  if (person.waitMs !== null) return `away, ${clockText(person.waitMs - sinceMs)} left`;
  if (!person.present) return "away";
  if (view === null || view.phase === "waiting") return "ready to play";
  if (view.phase === "placing") return view.ready[person.seat] ? "bombs are hidden" : "hiding bombs";
  if (view.phase === "ended") return view.result?.winner === person.seat ? "won" : "game over";
  return view.turn === person.seat ? "to move" : "waits";
}
