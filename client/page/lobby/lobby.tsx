/** The first screen: what this place is, and the ways into a game. */
import type { JSX } from "preact";
import type { Listing } from "#protocol/control.ts";
import { isDevelopment } from "#kit/built-in.ts";
import { Notice } from "#kit/parts/notice.tsx";
import { Entry, Welcome } from "#kit/parts/welcome.tsx";
import { Bomb } from "../board/icons.tsx";
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
  const { trouble, going, asking, name } = state;
  const goingOn = going.value;
  return (
    <main class="lobby" id="main" data-phase="lobby">
      <Welcome
        title={title}
        lead="Dot4 is made for sealed rooms: nobody sees your bombs, neither your opponent nor whoever runs the server, and your browser checks that before it plays."
        development={isDevelopment(state.builtIn.policy)}
        trouble={trouble.value}
      >
        {goingOn === null ? null : (
          <Notice tone="info" name="going">
            <p>You have a game going on.</p>
            <button class="button small" type="button" data-action="return" onClick={() => void state.enter(goingOn)}>
              Return to it
            </button>
          </Notice>
        )}
        <Entry
          name={name.value}
          placeholder="Guest"
          disabled={asking.value !== null || state.place === undefined}
          play={asking.value === "match" ? "Finding a game…" : "Play now"}
          createPrivate={asking.value === "create" ? "Opening a room…" : "Create a private game"}
          onName={(typed) => state.rename(typed)}
          onPlay={() => void state.playNow()}
          onCreatePrivate={() => void state.createPrivate()}
        >
          <JoinByLink page={page} onEnter={(wish) => void state.enter(wish)} />
        </Entry>
      </Welcome>
      <div class="aside">
        <RoomList load={load} onEnter={(wish) => void state.enter(wish)} />
        <HowItGoes />
      </div>
    </main>
  );
}

const title = (
  <>
    Four in a row.
    <br />
    Four sides.
    <br />
    <em>Six secret bombs.</em>
  </>
);

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
