/** The arena and what is said beside it; or how far getting in has come, or why there is no way in. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Closed } from "#kit/parts/closed.tsx";
import { Exit } from "#kit/parts/icons.tsx";
import { Notice } from "#kit/parts/notice.tsx";
import { CopyButton } from "#kit/parts/copy-button.tsx";
import { Stage } from "../arena/stage.ts";
import type { GearNow } from "../arena/scene.ts";
import type { PageState } from "../page-state.ts";
import type { Step, Visit } from "../visit.ts";
import { Scores } from "./scores.tsx";
import { Vitals } from "./vitals.tsx";
import { Verdict } from "./verdict.tsx";

interface ArenaScreenProps {
  readonly visit: Visit;
  readonly state: PageState;
  readonly onShield: () => void;
}

/** What the canvas shows of the player, as numbers to write. */
export interface SelfNow {
  readonly health: number;
  readonly team: number;
  readonly gear: GearNow | undefined;
}

const words: Record<Step, string> = {
  reaching: "Reaching the place…",
  checking: "Checking the enclave…",
  joining: "Joining the arena…",
  joined: "Joined",
  reconnecting: "Connection lost. Reconnecting…",
  closed: "Closed",
};

export function ArenaScreen({ visit, state, onShield }: ArenaScreenProps): JSX.Element {
  const step = visit.step.value;
  const failure = visit.failure.value;
  const over = visit.status.value.ended !== null && failure?.code !== "rolled-back";
  if (step === "closed" && failure !== null && !over) {
    return (
      <main class="centre" id="main" data-phase="closed" data-room={visit.wish.room}>
        <Closed
          error={failure}
          want={visit.wish.want}
          policy={state.builtIn.policy}
          onShield={onShield}
          onFingerprint={(typed) => state.typeFingerprint(typed, visit.wish)}
          onRemedy={(remedy) => {
            if (remedy === "lobby") state.toLobby();
            else if (remedy === "reload") location.reload();
            else void state.enter({ ...visit.wish, want: remedy === "watch" ? "watch" : visit.wish.want });
          }}
        />
      </main>
    );
  }
  if (step === "reaching" || step === "checking" || step === "joining") {
    return (
      <main class="centre" id="main" data-phase="connecting" data-step={step}>
        <section class="glass ticks card">
          <h1>
            <span role="status">{words[step]}</span>
          </h1>
          <p>Nothing about you is sent before the enclave has proved what it runs.</p>
          <button class="button" type="button" data-action="cancel" onClick={() => state.toLobby()}>
            Cancel
          </button>
        </section>
      </main>
    );
  }
  return <Playing visit={visit} state={state} />;
}

function Playing({ visit, state }: Omit<ArenaScreenProps, "onShield">): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const self = useSignal<SelfNow | null>(null);
  useEffect(() => {
    const rows = visit.rows;
    if (canvas.current === null || rows === undefined) return undefined;
    const stage = new Stage({
      canvas: canvas.current,
      rows,
      input: visit.input,
      view: () => visit.view.peek(),
      tickNow: () => visit.tickNow(),
      nameOf: (seat) => visit.nameOf(seat),
      show: (now, gear) => {
        const next = now === undefined ? null : { health: now.health, team: now.team, gear };
        if (JSON.stringify(next) !== JSON.stringify(self.peek())) self.value = next;
      },
    });
    return () => stage.close();
  }, [visit]);
  const errors = useSignal("");
  useEffect(() => {
    const timer = setInterval(() => {
      const { mean, max, compared } = visit.errors ?? { mean: 0, max: 0, compared: 0 };
      errors.value = `${mean.toFixed(3)} ${max.toFixed(3)} ${compared}`;
    }, 1000);
    return () => clearInterval(timer);
  }, [visit]);
  const view = visit.view.value;
  const lost = visit.step.value === "reconnecting";
  return (
    <main
      class="arena"
      id="main"
      data-phase={view?.phase ?? "waiting"}
      data-room={visit.wish.room}
      data-connection={visit.step.value}
      data-seat={visit.seat ?? "spectator"}
      data-health={self.value?.health}
      data-team={self.value?.team}
      data-errors={errors.value}
    >
      <canvas ref={canvas} class="sight" aria-label="The arena, as far as you see it" tabIndex={0} />
      {view === null ? null : <Scores view={view} visit={visit} team={self.value?.team} />}
      {lost ? (
        <div class="reconnecting">
          <Notice tone="warn" name="reconnecting">
            <p>{words.reconnecting}</p>
          </Notice>
        </div>
      ) : null}
      {view === null ? null : <Verdict view={view} visit={visit} self={self.value} onLobby={() => state.toLobby()} />}
      <Vitals self={self.value} visit={visit} onReload={() => visit.input?.press("reloads")} />
      <div class="corner">
        {view?.phase === "waiting" ? <CopyButton text={state.link.value} label="Copy the invitation" /> : null}
        <button class="button small" type="button" data-action="leave" onClick={() => void state.leave()}>
          <Exit />
          Leave
        </button>
      </div>
    </main>
  );
}
