/** What is said in the middle: waiting, fallen, how a round went, how the match ended. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { View } from "#skirmish/terms.ts";
import { teams } from "../arena/colours.ts";
import type { Visit } from "../visit.ts";
import type { SelfNow } from "./arena-screen.tsx";
import { TeamSign } from "./team-sign.tsx";

interface VerdictProps {
  readonly view: View;
  readonly visit: Visit;
  readonly self: SelfNow | null;
  readonly onLobby: () => void;
}

export function Verdict({ view, visit, self, onLobby }: VerdictProps): JSX.Element | null {
  if (view.phase === "waiting") {
    return (
      <Says>
        <h2>Waiting for an enemy</h2>
        <p>The round begins when two teams are here. Look around meanwhile.</p>
      </Says>
    );
  }
  if (view.phase === "over") return <Over view={view} visit={visit} onLobby={onLobby} />;
  if (view.phase === "pause" && view.last !== null) return <RoundOver view={view} visit={visit} />;
  if (visit.seat === null) {
    return (
      <Says>
        <h2>You are watching</h2>
        <p>Who only watches sees the score: what stands where is for those who are there.</p>
      </Says>
    );
  }
  return self !== null && self.health === 0 ? <Fallen visit={visit} self={self} /> : null;
}

const Says = ({ children }: { readonly children: JSX.Element[] }): JSX.Element => (
  <section class="says" role="status">
    {children}
  </section>
);

function Fallen({ visit, self: { gear } }: { readonly visit: Visit; readonly self: SelfNow }): JSX.Element {
  const seconds = useSignal(0);
  useEffect(() => {
    const count = (): void => {
      seconds.value = Math.max(0, Math.ceil(((gear?.returnsAt ?? 0) - visit.tickNow()) / visit.hz));
    };
    count();
    const timer = setInterval(count, 200);
    return () => clearInterval(timer);
  }, [gear?.returnsAt, visit]);
  const by = gear?.felledBy ?? 0;
  return (
    <Says>
      <h2>{by === 0 ? "Get ready" : "You have fallen"}</h2>
      <p>
        {by === 0 ? "" : `${visit.nameOf(by - 1)} felled you. `}You are back in {seconds.value}.
      </p>
    </Says>
  );
}

function RoundOver({ view, visit }: { readonly view: View; readonly visit: Visit }): JSX.Element {
  const { winner, best } = view.last!;
  return (
    <Says>
      <h2>
        {winner < 0 ? null : <TeamSign team={winner} />}
        {winner < 0 ? "A draw" : `${teams[winner]!.name} has the round`}
      </h2>
      <p>{best < 0 ? "The next one begins in a moment." : `A medal for ${visit.nameOf(best)}, the best of them.`}</p>
    </Says>
  );
}

function Over({ view, visit, onLobby }: Omit<VerdictProps, "self">): JSX.Element {
  const most = Math.max(...view.wins);
  const leaders = view.wins.flatMap((wins, team) => (wins === most ? [team] : []));
  const winner = leaders.length === 1 ? leaders[0]! : -1;
  return (
    <Says>
      <h2>
        {winner < 0 ? null : <TeamSign team={winner} />}
        {winner < 0 ? "The match is a draw" : `${teams[winner]!.name} wins the match`}
      </h2>
      <p>{visit.medals.value === 0 ? "Well played." : "You have earned a medal."}</p>
      <button class="button main" type="button" data-action="lobby" onClick={onLobby}>
        Back to the lobby
      </button>
    </Says>
  );
}
