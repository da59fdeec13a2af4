/** The first screen: what this place is, and the ways into an arena. */
import type { JSX } from "preact";
import type { Listing } from "#protocol/control.ts";
import { isDevelopment } from "#kit/built-in.ts";
import { useListings } from "#kit/parts/listings.ts";
import { Entry, Welcome } from "#kit/parts/welcome.tsx";
import type { PageState } from "../page-state.ts";

interface LobbyProps {
  readonly state: PageState;
  readonly load: (signal: AbortSignal) => Promise<readonly Listing[]>;
}

export function Lobby({ state, load }: LobbyProps): JSX.Element {
  const { trouble, asking, name } = state;
  return (
    <main class="lobby" id="main" data-phase="lobby">
      <Welcome
        title={title}
        lead="Other games send your screen everybody's place and trust it to look away. Here your screen is not told who stands behind a wall, and neither is whoever runs the server."
        development={isDevelopment(state.builtIn.policy)}
        trouble={trouble.value}
      >
        <Entry
          name={name.value}
          placeholder="Fighter"
          disabled={asking.value || state.place === undefined}
          play={asking.value ? "Finding an arena…" : "Play now"}
          createPrivate="Create a private arena"
          onName={(typed) => state.rename(typed)}
          onPlay={() => void state.playNow()}
          onCreatePrivate={() => void state.createPrivate()}
        />
      </Welcome>
      <div class="aside">
        <Arenas state={state} load={load} />
        <HowItGoes />
      </div>
    </main>
  );
}

const title = (
  <>
    Teams in the dark.
    <br />
    <em>Nobody is told what they cannot see.</em>
  </>
);

function Arenas({ state, load }: LobbyProps): JSX.Element {
  const { rooms, trouble } = useListings(load, "The list of arenas cannot be read.");
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
