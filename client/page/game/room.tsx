/** The room: connecting, the game, and its end. */
import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Policy } from "#attestation/policy.ts";
import { PlayBoard } from "../board/play-board.tsx";
import { Notice } from "#kit/parts/notice.tsx";
import { UpgradeNotice } from "#kit/parts/upgrade-notice.tsx";
import { bytesToHex } from "#protocol/bytes.ts";
import type { Visit } from "../visit.ts";
import { timeLeft } from "./clock.ts";
import { Closed } from "#kit/parts/closed.tsx";
import { Connecting } from "./connecting.tsx";
import { headlineOf } from "./headline.ts";
import { PlayerCards } from "./player-cards.tsx";
import { Side, type Question } from "./side.tsx";
import { StatusCard } from "./status-card.tsx";

interface RoomProps {
  readonly visit: Visit;
  readonly policy: Policy;
  /** The link to this room. */
  readonly link: string;
  readonly onShield: () => void;
  readonly onLobby: () => void;
  readonly onLeave: () => void;
  readonly onAgain: () => void;
  readonly onRetry: (want: "play" | "watch") => void;
  readonly onFingerprint: (typed: string) => Promise<boolean>;
  readonly onReload: () => void;
}

export function Room(props: RoomProps): JSX.Element {
  const { visit, policy, onLobby, onRetry, onReload, onFingerprint, onShield } = props;
  const stage = visit.stage.value;
  const failure = visit.failure.value;
  // A game that is over can still be looked at; that the line went afterwards is no news, unless it did not end like that.
  const over = visit.status.value.ended !== null && failure?.code !== "rolled-back";
  if (stage === "closed" && failure !== null && !over) {
    return (
      <main class="centre" id="main" data-phase="closed" data-room={visit.wish.room}>
        <Closed
          error={failure}
          want={visit.wish.want}
          policy={policy}
          onShield={onShield}
          onFingerprint={onFingerprint}
          onRemedy={(remedy) => {
            if (remedy === "lobby") onLobby();
            else if (remedy === "reload") onReload();
            else onRetry(remedy === "watch" ? "watch" : visit.wish.want);
          }}
        />
      </main>
    );
  }
  if (stage === "reaching" || stage === "checking" || stage === "joining") {
    return <Connecting stage={stage} onCancel={onLobby} />;
  }
  return <Game {...props} />;
}

function Game(props: RoomProps): JSX.Element {
  const { visit, link, onAgain, onLobby, onLeave } = props;
  const view = visit.view.value;
  const status = visit.status.value;
  const seat = visit.seat.value;
  const people = visit.people.value;
  const asks = useSignal<Question>("nothing");
  const lost = visit.stage.value === "reconnecting";
  const still = lost || status.phase === "paused" || status.phase === "frozen" || status.ended !== null;
  const headline = headlineOf({ view, status, people, seat });
  return (
    <main
      class="game"
      id="main"
      data-phase={view?.phase ?? "waiting"}
      data-room={visit.wish.room}
      data-room-phase={status.phase}
      data-connection={visit.stage.value}
      data-seat={seat ?? "spectator"}
      data-turn={view?.turn ?? undefined}
      data-mood={headline.mood}
    >
      {lost ? (
        <div class="reconnecting">
          <Notice tone="warn" name="reconnecting">
            <p>Connection lost. Reconnecting…</p>
            {seat === null ? null : <p>Your seat is held meanwhile.</p>}
          </Notice>
          <button class="button small" type="button" data-action="retry-now" onClick={() => visit.retryNow()}>
            Try now
          </button>
        </div>
      ) : null}
      <StatusCard visit={visit} headline={headline} still={still} link={link} onAgain={onAgain} onLobby={onLobby} />
      {status.upgrade === undefined || status.ended !== null ? null : (
        <UpgradeNotice
          key={bytesToHex(status.upgrade.contract)}
          contract={status.upgrade.contract}
          known={visit.knows(status.upgrade.contract)}
          leftMs={() => timeLeft(visit.status.value.upgrade?.tick ?? null, visit.tickNow(), visit.hz) ?? 0}
          onLeave={seat === null ? undefined : () => (asks.value = "leave")}
        />
      )}
      <People visit={visit} />
      <section class="play" aria-label="Board">
        <PlayBoard
          view={view}
          seat={seat}
          moving={visit.moving.value}
          still={still}
          busy={visit.busy.value}
          refusal={visit.refusal.value}
          onMove={(move) => void visit.move(move)}
        />
      </section>
      <Side visit={visit} asks={asks} onLobby={onLobby} onLeave={onLeave} />
    </main>
  );
}

/** Counts down while somebody is awaited. */
function People({ visit }: { readonly visit: Visit }): JSX.Element {
  const now = useSignal(performance.now());
  const waits = useComputed(() => visit.status.value.waiting.length > 0 && visit.stage.value === "joined");
  useEffect(() => {
    if (!waits.value) return undefined;
    const timer = setInterval(() => {
      now.value = performance.now();
    }, 500);
    return () => clearInterval(timer);
  }, [waits.value]);
  const sinceMs = waits.value ? Math.max(0, now.value - visit.statusAt.value) : 0;
  return <PlayerCards people={visit.people.value} view={visit.view.value} sinceMs={sinceMs} />;
}
