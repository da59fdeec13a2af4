/** The page: the arena over all of it, or the lobby; the shield is always there. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import type { Listing } from "#protocol/control.ts";
import type { RoomId } from "#protocol/identity.ts";
import { Frame } from "#kit/parts/frame.tsx";
import { factsOf, proofOf } from "#kit/shield/proof.ts";
import { ArenaScreen } from "./hud/arena-screen.tsx";
import { Lobby } from "./lobby/lobby.tsx";
import { contractName, type PageState } from "./page-state.ts";

interface AppProps {
  readonly state: PageState;
  /** This page's address, without the fragment. */
  readonly page: string;
  readonly load: (signal: AbortSignal) => Promise<readonly Listing[]>;
  /** Through whose gate this window came here. */
  readonly hub: RoomId | undefined;
}

export function App({ state, page, load, hub }: AppProps): JSX.Element {
  const visit = state.visit.value;
  useSignalEffect(() => {
    document.body.dataset["screen"] = state.visit.value === null ? "lobby" : "arena";
  });
  const brand = (
    <a class="brand" href={page} data-action="home">
      <Mark />
      <span>
        <b>Skirmish</b>
        <small>phatroom: rooms nobody can peek into</small>
      </span>
    </a>
  );
  return (
    <Frame
      brand={brand}
      page={page}
      hub={hub}
      proof={proofOf(visit?.visited ?? null, state.builtIn)}
      facts={factsOf(state.builtIn, contractName, state.place)}
    >
      {(openShield) =>
        visit === null ? (
          <Lobby state={state} load={load} />
        ) : (
          <ArenaScreen key={visit.wish.room} visit={visit} state={state} onShield={openShield} />
        )
      }
    </Frame>
  );
}

/** A light that does not reach everywhere. */
const Mark = (): JSX.Element => (
  <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
    <path fill="#171132" d="M4 20 11 4l2.5 7L20 8z" />
    <circle cx="6.5" cy="17.5" r="2.6" fill="#171132" />
  </svg>
);
