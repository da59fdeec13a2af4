/** The page: header with the shield, and below it the lobby or a room. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import type { Listing } from "#protocol/control.ts";
import type { RoomId } from "#protocol/identity.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { isAboutProof } from "#kit/advice.ts";
import { isDevelopment } from "#kit/built-in.ts";
import { Room } from "./game/room.tsx";
import { Lobby } from "./lobby/lobby.tsx";
import { SeatChoice } from "./lobby/seat-choice.tsx";
import { Mark } from "./board/icons.tsx";
import { contractName, type PageState } from "./page-state.ts";
import { Chip } from "#kit/shield/chip.tsx";
import { Panel, type PageFacts } from "#kit/shield/panel.tsx";
import { summaryOf, type Proof } from "#kit/shield/report.ts";
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
  const shieldOpen = useSignal(false);
  const proof = proofOf(state);
  const screen = state.screen.value;
  const openShield = (): void => {
    shieldOpen.value = true;
  };
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
      <header class="header">
        <span class="brand">
          <Mark />
          <span>
            <b>Dot4</b>
            <small>phatroom: rooms nobody can peek into</small>
          </span>
        </span>
        {hub === undefined ? null : (
          <a class="button small" href={`../world/#room=${hub}`} data-action="world">
            Back to Phala World
          </a>
        )}
        <Chip summary={summaryOf(proof)} onOpen={openShield} />
      </header>
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

function proofOf(state: PageState): Proof {
  const visit = state.visit.value;
  const code = visit?.failure.value?.code;
  return {
    shield: visit?.shield.value ?? null,
    failure: code !== undefined && isAboutProof(code) ? code : null,
    checking: visit !== null && ["reaching", "checking"].includes(visit.stage.value),
    developmentPage: isDevelopment(state.builtIn.policy),
    frozen: code === undefined ? (visit?.status.value.frozen ?? null) : null,
    rolledBack: code === "rolled-back",
    presence: visit?.presence.value ?? null,
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

/** The fragment belongs to rooms, so the link moves the focus itself. */
function skipToMain(event: Event): void {
  event.preventDefault();
  const main = document.querySelector<HTMLElement>("#main");
  main?.setAttribute("tabindex", "-1");
  main?.focus();
}
