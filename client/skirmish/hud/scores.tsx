/** Points by team, and how much of the round is left. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { View } from "#skirmish/terms.ts";
import { teams } from "../arena/colours.ts";
import type { Visit } from "../visit.ts";
import { TeamSign } from "./team-sign.tsx";

interface ScoresProps {
  readonly view: View;
  readonly visit: Visit;
  /** The player's own. */
  readonly team: number | undefined;
}

export function Scores({ view, visit, team }: ScoresProps): JSX.Element {
  const left = useSignal(0);
  useEffect(() => {
    const count = (): void => {
      left.value = Math.max(0, Math.ceil((view.endsAt - visit.tickNow()) / visit.hz));
    };
    count();
    const timer = setInterval(count, 250);
    return () => clearInterval(timer);
  }, [view.endsAt, visit]);
  return (
    <section class="scores" aria-label="Score">
      {view.points.map((points, index) => (
        <span class="score" key={teams[index]!.name} data-team={index} data-mine={index === team ? "" : undefined}>
          <TeamSign team={index} />
          <span class="unseen">{teams[index]!.name}</span>
          <b data-points={index}>{points}</b>
          <small aria-hidden="true">{"●".repeat(Math.min(5, view.wins[index] ?? 0))}</small>
          <span class="unseen">rounds won: {view.wins[index]}</span>
        </span>
      ))}
      <span class="time" role="timer" data-left={left.value}>
        {view.phase === "playing" ? clock(left.value) : view.phase === "waiting" ? "–:––" : clock(left.value)}
        <small>
          {view.round === 0 ? "no round yet" : `round ${view.round}${view.rounds === 0 ? "" : ` of ${view.rounds}`}`}
        </small>
      </span>
    </section>
  );
}

const clock = (seconds: number): string => `${Math.trunc(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
