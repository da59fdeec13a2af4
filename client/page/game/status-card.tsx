/** How things stand: the headline, the clock, and what belongs to the beginning and the end of a game. */
import type { JSX } from "preact";
import { Eye, Play } from "#kit/parts/icons.tsx";
import type { Visit } from "../visit.ts";
import { ClockFace } from "./clock-face.tsx";
import { timeLeft } from "./clock.ts";
import type { Headline } from "./headline.ts";
import { Invitation } from "./invitation.tsx";

interface StatusLineProps {
  readonly visit: Visit;
  readonly headline: Headline;
  readonly still: boolean;
}

interface StatusCardProps extends StatusLineProps {
  /** To this room. */
  readonly link: string;
  readonly onAgain: () => void;
  readonly onLobby: () => void;
}

export function StatusCard({ visit, headline, still, link, onAgain, onLobby }: StatusCardProps): JSX.Element {
  const view = visit.view.value;
  const status = visit.status.value;
  const seat = visit.seat.value;
  const free = visit.people.value.some((person) => !person.seated);
  return (
    <section class="glass ticks status" aria-label="State of the game">
      {seat === null ? (
        <p class="watching" data-role="spectator">
          <Eye />
          You are watching
        </p>
      ) : null}
      <StatusLine visit={visit} headline={headline} still={still} />
      {free && status.ended === null && seat !== null ? (
        <Invitation link={link} secret={visit.wish.invite !== undefined} />
      ) : null}
      {status.ended !== null || view?.phase === "ended" ? (
        <div class="buttons">
          <button class="button main" type="button" data-action="again" onClick={onAgain}>
            <Play />
            New game
          </button>
          <button class="button" type="button" data-action="lobby" onClick={onLobby}>
            Lobby
          </button>
        </div>
      ) : null}
    </section>
  );
}

/** The longest time to hide bombs; the rules say so. */
const placingMs = 60_000;

function StatusLine({ visit, headline, still }: StatusLineProps): JSX.Element {
  const view = visit.view.value;
  return (
    <div class="status-line">
      <div class="headline" aria-live="polite" aria-atomic="true">
        <h1 data-headline>{headline.title}</h1>
        <p>{headline.detail}</p>
      </div>
      {view === null || view.deadline === null ? null : (
        <ClockFace
          left={() => timeLeft(view.deadline, visit.tickNow(), visit.hz)}
          totalMs={view.phase === "placing" ? placingMs : view.turnSeconds * 1000}
          still={still}
        />
      )}
    </div>
  );
}
