/** The page: the picture, and over it what the stage asks for. */
import type { JSX } from "preact";
import type { Look } from "./avatars/look.ts";
import { Chat } from "./hud/chat.tsx";
import { Caption, Emotes, GatePrompt, Hint, Reconnecting, TopBar } from "./hud/hud.tsx";
import { Failed, Loading } from "./hud/loading.tsx";
import { HelpPanel, LooksPanel, PeoplePanel, RehearsalShield, SettingsPanel } from "./hud/panels.tsx";
import { Stick } from "./hud/stick.tsx";
import { Welcome } from "./hud/welcome.tsx";
import type { Bindings } from "./input/keys.ts";
import type { StickPush } from "./input/stick.ts";
import type { PageState, PanelName } from "./page-state.ts";
import type { Avatar, Emote } from "./port.ts";
import type { Settings } from "./settings.ts";

export interface AppProps {
  readonly state: PageState;
  readonly bindings: Bindings;
  readonly people: () => readonly Avatar[];
  readonly own: () => number | null;
  readonly onEnter: (name: string) => void;
  readonly onLook: (look: Look) => void;
  readonly onSay: (text: string) => void;
  readonly onEmote: (emote: Emote) => void;
  readonly onTravel: () => void;
  readonly onSettings: (settings: Settings) => void;
  readonly onPush: (push: StickPush) => void;
  readonly onPanel: (panel: PanelName | null) => void;
  readonly onReload: () => void;
}

export function App(props: AppProps): JSX.Element {
  const { state, onReload, onEnter, onLook } = props;
  const stage = state.stage.value;
  if (stage.at === "loading") return <Loading {...stage} />;
  if (stage.at === "failed") return <Failed reason={stage.reason} onAgain={onReload} />;
  const { name, look } = state.settings.value;
  return (
    <>
      <a class="skip" href="#chat">
        Skip to the chat
      </a>
      <TopBar
        place="Origin Hub"
        here={state.here.value}
        panel={state.panel.value}
        onPanel={(panel) => props.onPanel(panel)}
      />
      {stage.at === "welcome" ? (
        <main>
          <Welcome name={name} look={look} onLook={onLook} onEnter={onEnter} />
        </main>
      ) : (
        <Inside {...props} />
      )}
      <Panels {...props} />
    </>
  );
}

function Inside({ state, onSay, onEmote, onTravel, onPush }: AppProps): JSX.Element {
  const gate = state.gate.value;
  return (
    <main class="inside" id="chat" data-stage="inside">
      {state.connection.value === "reconnecting" ? <Reconnecting /> : null}
      <Chat
        lines={state.chat.value}
        talking={state.talking.value}
        onSay={onSay}
        onTalk={() => {
          state.talking.value = true;
        }}
        onDone={() => {
          state.talking.value = false;
        }}
      />
      {gate === null ? null : <GatePrompt gate={gate} onTravel={onTravel} />}
      <Emotes onEmote={onEmote} />
      <Caption text={state.caption.value} />
      <Hint />
      <Stick onPush={onPush} />
    </main>
  );
}

function Panels({ state, bindings, people, own, onLook, onSettings, onPanel }: AppProps): JSX.Element | null {
  const onClose = (): void => onPanel(null);
  switch (state.panel.value) {
    case "settings":
      return (
        <SettingsPanel
          settings={state.settings.value}
          level={state.level.value}
          onSettings={onSettings}
          onClose={onClose}
        />
      );
    case "help":
      return <HelpPanel bindings={bindings} onClose={onClose} />;
    case "people":
      return <PeoplePanel people={people()} own={own()} onClose={onClose} />;
    case "looks":
      return <LooksPanel look={state.settings.value.look} onLook={onLook} onClose={onClose} />;
    case "shield":
      return <RehearsalShield onClose={onClose} />;
    case null:
      return null;
  }
}
