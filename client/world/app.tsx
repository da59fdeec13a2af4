/** The page: the picture, and over it what the stage asks for. */
import type { JSX } from "preact";
import { Closed } from "#kit/parts/closed.tsx";
import { Panel } from "#kit/shield/panel.tsx";
import { summaryOf } from "#kit/shield/report.ts";
import type { Look } from "./avatars/look.ts";
import { Chat } from "./hud/chat.tsx";
import { Caption, DigPrompt, Emotes, GatePrompt, Hint, rehearsalSummary, TopBar, type ToolName } from "./hud/hud.tsx";
import { HelpPanel } from "./hud/help.tsx";
import { Interruption } from "./hud/interruption.tsx";
import { Failed, Loading } from "./hud/loading.tsx";
import { LooksPanel, RehearsalShield, SettingsPanel } from "./hud/panels.tsx";
import { OrderPanel } from "./hud/order.tsx";
import { PeoplePanel } from "./hud/people.tsx";
import { SoulPanel } from "./hud/soul.tsx";
import { Stick } from "./hud/stick.tsx";
import { Welcome } from "./hud/welcome.tsx";
import type { Action } from "./input/keys.ts";
import type { StickPush } from "./input/stick.ts";
import type { PageState, PanelName } from "./page-state.ts";
import type { Avatar, Emote } from "./port.ts";
import type { HubPlace } from "./room/hub-place.ts";
import type { Settings } from "./settings.ts";

export interface AppProps {
  readonly state: PageState;
  /** Null in a rehearsal. */
  readonly hub: HubPlace | null;
  readonly people: () => readonly Avatar[];
  readonly own: () => number | null;
  readonly onEnter: (name: string) => void;
  readonly onLook: (look: Look) => void;
  readonly onSay: (text: string) => void;
  readonly onEmote: (emote: Emote) => void;
  readonly onTravel: () => void;
  readonly onDig: () => void;
  readonly onSettings: (settings: Settings) => void;
  readonly onPush: (push: StickPush) => void;
  readonly onPanel: (panel: PanelName | null) => void;
  readonly onReload: () => void;
}

export function App(props: AppProps): JSX.Element {
  const { state, hub, onReload } = props;
  const stage = state.stage.value;
  // Why nobody can play here is said at once; the picture may come later.
  const shut = hub !== null && hub.visit.failure.value !== null;
  if (stage.at === "loading" && !shut) return <Loading {...stage} />;
  if (stage.at === "failed") return <Failed reason={stage.reason} onAgain={onReload} />;
  return (
    <>
      <a class="skip" href="#chat">
        Skip to the chat
      </a>
      <TopBar
        place="Origin Hub"
        others={stage.at === "inside" ? Math.max(0, state.here.value - 1) : null}
        summary={hub === null ? rehearsalSummary : summaryOf(hub.visit.proof)}
        tools={stage.at === "inside" ? (hub === null ? rehearsalTools : insideTools) : outsideTools}
        panel={state.panel.value}
        onPanel={(panel) => props.onPanel(panel)}
      />
      <Body {...props} />
      <Panels {...props} />
    </>
  );
}

const outsideTools: readonly ToolName[] = ["settings", "help"];
const rehearsalTools: readonly ToolName[] = ["looks", "people", ...outsideTools];
const insideTools: readonly ToolName[] = ["soul", ...rehearsalTools];

function Body(props: AppProps): JSX.Element {
  const { state, hub, onLook, onEnter, onPanel, onReload } = props;
  const failure = hub?.visit.failure.value ?? null;
  if (hub !== null && failure !== null) {
    return (
      <main class="over" id="chat" data-stage="closed">
        <Closed
          error={failure}
          want="play"
          policy={hub.builtIn.policy}
          onRemedy={(remedy) => (remedy === "lobby" ? location.assign("../") : onReload())}
          onFingerprint={(typed) => Promise.resolve(hub.believe(typed))}
          onShield={() => onPanel("shield")}
        />
      </main>
    );
  }
  if (state.inside.value) return <Inside {...props} />;
  const { name, look } = state.settings.value;
  return (
    <main id="chat">
      <Welcome name={name} look={look} onLook={onLook} onEnter={onEnter} />
    </main>
  );
}

function Inside(props: AppProps): JSX.Element {
  const { state, hub, onSay, onEmote, onPush } = props;
  const keyOf = (action: Action): string => state.keyOf(action);
  return (
    <main class="inside" id="chat" data-stage="inside">
      {hub === null ? null : (
        <Interruption state={state} visit={hub.visit} onPanel={props.onPanel} onEnter={props.onEnter} />
      )}
      <Chat
        lines={state.chat.value}
        talking={state.talking.value}
        heard={hub === null || hub.visit.view.value?.mine?.inWorld === true}
        unsaid={state.unsaid.value}
        onUnsaid={() => {
          state.unsaid.value = null;
        }}
        onSay={onSay}
        onTalk={() => {
          state.talking.value = true;
        }}
        onDone={() => {
          state.talking.value = false;
        }}
      />
      <Prompt {...props} />
      <Emotes keyOf={keyOf} onEmote={onEmote} />
      <Caption text={state.caption.value} />
      <Hint keyOf={keyOf} />
      <Stick onPush={onPush} />
    </main>
  );
}

/** What one can do where one stands, as long as the room goes on. */
function Prompt({ state, hub, onTravel, onDig }: AppProps): JSX.Element | null {
  if (hub !== null && !hub.visit.playing && !state.travelling.value) return null;
  const gate = state.gate.value;
  const key = state.keyOf("act");
  if (gate !== null)
    return <GatePrompt gate={gate} travelling={state.travelling.value} hotkey={key} onTravel={onTravel} />;
  return state.find.value ? <DigPrompt hotkey={key} onDig={onDig} /> : null;
}

function Panels(props: AppProps): JSX.Element | null {
  const { state, hub, onLook, onSettings, onPanel } = props;
  const onClose = (): void => onPanel(null);
  switch (state.panel.value) {
    case "settings":
      return (
        <SettingsPanel
          settings={state.settings.value}
          level={state.level.value}
          leave={hub !== null && state.inside.value}
          printed={state.printed.value}
          onSettings={onSettings}
          onClose={onClose}
        />
      );
    case "help":
      return (
        <HelpPanel
          bindings={state.bindings.value}
          printed={state.printed.value}
          keyed={state.keyed.value}
          onClose={onClose}
        />
      );
    case "people":
      return <Near {...props} />;
    case "looks":
      return <LooksPanel look={state.settings.value.look} anyPart={hub === null} onLook={onLook} onClose={onClose} />;
    case "order":
      return hub === null ? null : (
        <OrderPanel desk={hub.desk.value} onKey={(file) => hub.openDesk(file)} onClose={onClose} />
      );
    case "soul":
      return hub === null ? null : <Soul {...props} hub={hub} />;
    case "shield":
      return hub === null ? (
        <RehearsalShield onClose={onClose} />
      ) : (
        <Panel proof={hub.visit.proof} facts={hub.facts} onClose={onClose} />
      );
    case null:
      return null;
  }
}

function Near({ state, hub, people, own, onPanel }: AppProps): JSX.Element {
  // Who is near changes while one looks.
  void state.here.value;
  return (
    <PeoplePanel
      people={people()}
      own={own()}
      order={hub?.order() ?? null}
      refusal={hub?.visit.refusal.value ?? null}
      desk={hub?.desk.value ?? null}
      onDesk={() => onPanel("order")}
      onClose={() => onPanel(null)}
    />
  );
}

function Soul({ state, hub, onPanel }: AppProps & { readonly hub: HubPlace }): JSX.Element | null {
  // Once a second: what is said of time gets old.
  void state.second.value;
  const { visit } = hub;
  const { room } = visit;
  const view = visit.view.value;
  if (room === null || view === null) return null;
  return (
    <SoulPanel
      view={view}
      tick={room.tickNow()}
      hz={room.hz}
      refusal={visit.refusal.value}
      onAsk={(move) => void visit.ask(move)}
      onClose={() => onPanel(null)}
    />
  );
}
