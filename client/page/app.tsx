/** The page: header with the shield, and below it the lobby or a room. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import type { Listing } from "#protocol/control.ts";
import type { RoomId } from "#protocol/identity.ts";
import { Room } from "./game/room.tsx";
import { Lobby } from "./lobby/lobby.tsx";
import { SeatChoice } from "./lobby/seat-choice.tsx";
import { Mark } from "./board/icons.tsx";
import { contractName, type PageState } from "./page-state.ts";
import { Frame } from "#kit/parts/frame.tsx";
import { factsOf, proofOf } from "#kit/shield/proof.ts";
import { writeWish } from "#kit/wish.ts";

interface AppProps {
  readonly state: PageState;
  /** This page's address, without the fragment. */
  readonly page: string;
  readonly load: (signal: AbortSignal) => Promise<readonly Listing[]>;
  /** Through whose gate this window came here. */
  readonly hub: RoomId | undefined;
}

export function App({ state, page, load, hub }: AppProps): JSX.Element {
  const screen = state.screen.value;
  useSignalEffect(() => {
    document.body.dataset["screen"] = state.screen.value.at;
  });
  useSignalEffect(() => {
    const visit = state.visit.value;
    if (visit !== null) state.remember(visit);
  });
  return (
    <>
      <a class="skip" href="#main" onClick={skipToMain}>
        Skip to the content
      </a>
      <Frame
        brand={brand}
        page={page}
        hub={hub}
        proof={proofOf(state.visit.value?.visited ?? null, state.builtIn)}
        facts={factsOf(state.builtIn, contractName, state.place)}
      >
        {(openShield) => (
          <>
            {screen.at === "lobby" ? <Lobby state={state} page={page} load={load} /> : null}
            {screen.at === "choice" ? <SeatChoice state={state} /> : null}
            {screen.at === "room" ? (
              <Room
                key={screen.number}
                visit={screen.visit}
                policy={state.builtIn.policy}
                link={writeWish(page, { ...screen.visit.wish, want: "play" })}
                onShield={openShield}
                onLobby={() => state.toLobby()}
                onLeave={() => void state.leave()}
                onAgain={() => void state.playAgain(screen.visit.wish)}
                onRetry={(want) => void state.retry({ ...screen.visit.wish, want })}
                onFingerprint={(typed) => state.typeFingerprint(typed, screen.visit.wish)}
                onReload={() => location.reload()}
              />
            ) : null}
          </>
        )}
      </Frame>
    </>
  );
}

const brand = (
  <span class="brand">
    <Mark />
    <span>
      <b>Dot4</b>
      <small>phatroom: rooms nobody can peek into</small>
    </span>
  </span>
);

/** The fragment belongs to rooms, so the link moves the focus itself. */
function skipToMain(event: Event): void {
  event.preventDefault();
  const main = document.querySelector<HTMLElement>("#main");
  main?.setAttribute("tabindex", "-1");
  main?.focus();
}
