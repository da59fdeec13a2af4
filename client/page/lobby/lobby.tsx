/** The first screen: what this place is, and the ways into a game. */
import type { JSX } from "preact";
import type { Listing } from "#protocol/control.ts";
import { playerNameMax } from "#protocol/limits.ts";
import { isDevelopment } from "#kit/built-in.ts";
import { Key, Play } from "#kit/parts/icons.tsx";
import { Bomb } from "../board/icons.tsx";
import { Notice } from "#kit/parts/notice.tsx";
import type { PageState } from "../page-state.ts";
import { JoinByLink } from "./join-by-link.tsx";
import { RoomList } from "./room-list.tsx";

interface LobbyProps {
  readonly state: PageState;
  /** This page's address, without the fragment. */
  readonly page: string;
  readonly load: (signal: AbortSignal) => Promise<readonly Listing[]>;
}

export function Lobby({ state, page, load }: LobbyProps): JSX.Element {
  const { trouble, going } = state;
  const goingOn = going.value;
  const development = isDevelopment(state.builtIn.policy);
  return (
    <main class="lobby" id="main" data-phase="lobby">
      <section class="welcome">
        <h1>
          Four in a row.
          <br />
          Four sides.
          <br />
          <em>Six secret bombs.</em>
        </h1>
        <p class="lead">
          Dot4 is made for sealed rooms: nobody sees your bombs, neither your opponent nor whoever runs the server, and
          your browser checks that before it plays.
          {development ? " This is a development world: it works the same and protects nothing." : ""}
        </p>
        {trouble.value === null ? null : (
          <Notice tone="bad" role="alert" name="lobby">
            <p>{trouble.value}</p>
          </Notice>
        )}
        {goingOn === null ? null : (
          <Notice tone="info" name="going">
            <p>You have a game going on.</p>
            <button class="button small" type="button" data-action="return" onClick={() => void state.enter(goingOn)}>
              Return to it
            </button>
          </Notice>
        )}
        <Entry state={state} page={page} />
      </section>
      <div class="aside">
        <RoomList load={load} onEnter={(wish) => void state.enter(wish)} />
        <HowItGoes />
      </div>
    </main>
  );
}

function Entry({ state, page }: Omit<LobbyProps, "load">): JSX.Element {
  const { asking, name } = state;
  return (
    <div class="glass ticks entry">
      <label class="field">
        <span>Your name, as others see it</span>
        <input
          class="input"
          data-field="name"
          autocomplete="nickname"
          maxLength={playerNameMax}
          placeholder="Guest"
          value={name.value}
          onInput={(event) => state.rename(event.currentTarget.value)}
        />
      </label>
      <button
        class="button main big"
        type="button"
        data-action="play-now"
        disabled={asking.value !== null || state.place === undefined}
        onClick={() => void state.playNow()}
      >
        <Play />
        {asking.value === "match" ? "Finding a game…" : "Play now"}
      </button>
      <button
        class="button"
        type="button"
        data-action="create-private"
        disabled={asking.value !== null || state.place === undefined}
        onClick={() => void state.createPrivate()}
      >
        <Key />
        {asking.value === "create" ? "Opening a room…" : "Create a private game"}
      </button>
      <JoinByLink page={page} onEnter={(wish) => void state.enter(wish)} />
    </div>
  );
}

const HowItGoes = (): JSX.Element => (
  <section class="glass how" aria-labelledby="how-title">
    <h2 id="how-title">How it goes</h2>
    <ol>
      <li>
        <span class="how-sign" aria-hidden="true">
          <Bomb owner={0} />
        </span>
        <span>
          <b>Hide three bombs</b> anywhere on the board.
        </span>
      </li>
      <li>
        <span class="how-sign" aria-hidden="true">
          <span class="stone" data-seat="1" />
        </span>
        <span>
          <b>Drop stones from any side.</b> They run until something stops them.
        </span>
      </li>
      <li>
        <span class="how-sign how-four" aria-hidden="true">
          <span class="stone" data-seat="0" />
          <span class="stone" data-seat="0" />
          <span class="stone" data-seat="0" />
          <span class="stone" data-seat="0" />
        </span>
        <span>
          <b>Four in a row wins,</b> if no bomb takes them first.
        </span>
      </li>
    </ol>
  </section>
);
