/** The page: the arena over all of it, or the lobby; the shield is always there. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import type { Listing } from "#protocol/control.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { isAboutProof } from "#kit/advice.ts";
import { isDevelopment } from "#kit/built-in.ts";
import { Chip } from "#kit/shield/chip.tsx";
import { Panel, type PageFacts } from "#kit/shield/panel.tsx";
import { summaryOf, type Proof } from "#kit/shield/report.ts";
import { ArenaScreen } from "./hud/arena-screen.tsx";
import { Lobby } from "./lobby/lobby.tsx";
import { contractName, type PageState } from "./page-state.ts";

interface AppProps {
  readonly state: PageState;
  /** This page's address, without the fragment. */
  readonly page: string;
  readonly load: (signal: AbortSignal) => Promise<readonly Listing[]>;
}

export function App({ state, page, load }: AppProps): JSX.Element {
  const shieldOpen = useSignal(false);
  const proof = proofOf(state);
  const visit = state.visit.value;
  const openShield = (): void => {
    shieldOpen.value = true;
  };
  useSignalEffect(() => {
    document.body.dataset["screen"] = state.visit.value === null ? "lobby" : "arena";
  });
  return (
    <>
      <header class="header">
        <a class="brand" href={page} data-action="home">
          <Mark />
          <span>
            <b>Skirmish</b>
            <small>phatroom: rooms nobody can peek into</small>
          </span>
        </a>
        <Chip summary={summaryOf(proof)} onOpen={openShield} />
      </header>
      {visit === null ? (
        <Lobby state={state} page={page} load={load} />
      ) : (
        <ArenaScreen key={visit.wish.room} visit={visit} state={state} onShield={openShield} />
      )}
      {shieldOpen.value ? (
        <Panel
          proof={proof}
          facts={factsOf(state)}
          onClose={() => {
            shieldOpen.value = false;
          }}
        />
      ) : null}
    </>
  );
}

/** A light that does not reach everywhere. */
const Mark = (): JSX.Element => (
  <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
    <path fill="#171132" d="M4 20 11 4l2.5 7L20 8z" />
    <circle cx="6.5" cy="17.5" r="2.6" fill="#171132" />
  </svg>
);

function proofOf(state: PageState): Proof {
  const visit = state.visit.value;
  const code = visit?.failure.value?.code;
  return {
    shield: visit?.shield.value ?? null,
    failure: code !== undefined && isAboutProof(code) ? code : null,
    checking: visit !== null && ["reaching", "checking"].includes(visit.step.value),
    developmentPage: isDevelopment(state.builtIn.policy),
    frozen: code === undefined ? (visit?.status.value.frozen ?? null) : null,
    rolledBack: code === "rolled-back",
    presence: visit?.presence ?? null,
  };
}

function factsOf(state: PageState): PageFacts {
  const { world, contracts } = state.builtIn;
  const contract = contracts[contractName];
  return {
    origin: location.origin,
    place: state.place ?? "nowhere",
    world: bytesToHex(world),
    contract: contract === undefined ? "none" : bytesToHex(contract),
  };
}
