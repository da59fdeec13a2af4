/** The first screen: what this place is, and the ways into an arena. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { ClientError } from "#client/errors.ts";
import type { Listing } from "#protocol/control.ts";
import { playerNameMax } from "#protocol/limits.ts";
import { isDevelopment } from "#kit/built-in.ts";
import { Key, Play } from "#kit/parts/icons.tsx";
import { Notice } from "#kit/parts/notice.tsx";
import type { PageState } from "../page-state.ts";

interface LobbyProps {
  readonly state: PageState;
  readonly page: string;
  readonly load: (signal: AbortSignal) => Promise<readonly Listing[]>;
}

const againMs = 3000;

export function Lobby({ state, load }: LobbyProps): JSX.Element {
  const { trouble, asking, name } = state;
  const idle = asking.value || state.place === undefined;
  return (
    <main class="lobby" id="main" data-phase="lobby">
      <section class="welcome">
        <h1>
          Teams in the dark.
          <br />
          <em>Nobody is told what they cannot see.</em>
        </h1>
        <p class="lead">
          Other games send your screen everybody's place and trust it to look away. Here your screen is not told who
          stands behind a wall, and neither is whoever runs the server.
          {isDevelopment(state.builtIn.policy)
            ? " This is a development world: it works the same and protects nothing."
            : ""}
        </p>
        {trouble.value === null ? null : (
          <Notice tone="bad" role="alert" name="lobby">
            <p>{trouble.value}</p>
          </Notice>
        )}
        <div class="glass ticks entry">
          <label class="field">
            <span>Your name, as others see it</span>
            <input
              class="input"
              data-field="name"
              autocomplete="nickname"
              maxLength={playerNameMax}
              placeholder="Fighter"
              value={name.value}
              onInput={(event) => state.rename(event.currentTarget.value)}
            />
          </label>
          <button
            class="button main big"
            type="button"
            data-action="play-now"
            disabled={idle}
            onClick={() => void state.playNow()}
          >
            <Play />
            {asking.value ? "Finding an arena…" : "Play now"}
          </button>
          <button
            class="button"
            type="button"
            data-action="create-private"
            disabled={idle}
            onClick={() => void state.createPrivate()}
          >
            <Key />
            Create a private arena
          </button>
        </div>
      </section>
      <div class="aside">
        <Arenas state={state} load={load} />
        <HowItGoes />
      </div>
    </main>
  );
}

function Arenas({ state, load }: Pick<LobbyProps, "state" | "load">): JSX.Element {
  const rooms = useSignal<readonly Listing[] | null>(null);
  const trouble = useSignal<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const look = async (): Promise<void> => {
      if (document.hidden) return;
      try {
        rooms.value = await load(stop.signal);
        trouble.value = null;
      } catch (error) {
        if (stop.signal.aborted) return;
        trouble.value = error instanceof ClientError ? error.sentence : "The list of arenas cannot be read.";
      }
    };
    void look();
    const timer = setInterval(() => void look(), againMs);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [load]);
  const open = rooms.value?.filter(({ free, phase }) => free > 0 && phase !== "ended") ?? [];
  return (
    <section class="glass ticks rooms" aria-labelledby="rooms-title">
      <h2 id="rooms-title">Open arenas</h2>
      {trouble.value === null ? null : <p role="status">{trouble.value}</p>}
      {open.length === 0 ? (
        <p class="rooms-none" data-rooms="0">
          {rooms.value === null ? "Looking for arenas…" : "None is open at the moment. Play now opens one."}
        </p>
      ) : (
        <ul class="room-list" data-rooms={open.length}>
          {open.map(({ room, taken, options }) => (
            <li key={room} data-room={room}>
              <span>
                <b>{taken === 1 ? "1 fighter" : `${taken} fighters`}</b>
                <small>
                  {options["field"]} field, {options["teams"]} teams
                </small>
              </span>
              <button
                class="button small"
                type="button"
                data-action="join"
                onClick={() => void state.enter({ room, want: "play" })}
              >
                Join
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const HowItGoes = (): JSX.Element => (
  <section class="glass how" aria-labelledby="how-title">
    <h2 id="how-title">How it goes</h2>
    <ul>
      <li>
        <b>Move</b> with <kbd class="kbd">W</kbd> <kbd class="kbd">A</kbd> <kbd class="kbd">S</kbd>{" "}
        <kbd class="kbd">D</kbd> or the arrows; on a phone with the left thumb.
      </li>
      <li>
        <b>Aim and fire</b> with the mouse, with <kbd class="kbd">Space</kbd> where you walk, or with the right thumb.{" "}
        <kbd class="kbd">R</kbd> loads.
      </li>
      <li>
        <b>Four hits fell</b> a fighter: two points. A relic is worth three. Only who comes close finds what lies about.
      </li>
    </ul>
  </section>
);
