/** Everything around the picture while one is inside. */
import type { JSX } from "preact";
import { Chip } from "#kit/shield/chip.tsx";
import type { Summary } from "#kit/shield/report.ts";
import { shortcutOf, type Action } from "../input/keys.ts";
import type { PanelName } from "../page-state.ts";
import { emotes, type Emote } from "../port.ts";
import type { Quest } from "../room/quest.ts";
import { Cheer, Dance, Egg, Gate, Looks, Mark, People, Question, Sit, Sliders, Spade, Wave } from "./icons.tsx";

export type ToolName = "soul" | "looks" | "people" | "settings" | "help";

const toolSigns: Record<ToolName, { readonly label: string; readonly sign: JSX.Element }> = {
  soul: { label: "Spirit and Shell", sign: <Egg /> },
  looks: { label: "Looks", sign: <Looks /> },
  people: { label: "People here", sign: <People /> },
  settings: { label: "Settings", sign: <Sliders /> },
  help: { label: "Help", sign: <Question /> },
};

interface BarProps {
  readonly place: string;
  /** How many are near besides oneself; null before one is there. */
  readonly others: number | null;
  readonly summary: Summary;
  /** What is there to be opened. */
  readonly tools: readonly ToolName[];
  readonly panel: PanelName | null;
  readonly onPanel: (panel: PanelName) => void;
}

export const TopBar = ({ place, others, summary, tools, panel, onPanel }: BarProps): JSX.Element => (
  <header class="top">
    <span class="brand">
      <Mark />
      <span>
        <b>Phala World</b>
        <small>{others === null ? place : `${place} · ${others === 0 ? "nobody" : others} near`}</small>
      </span>
    </span>
    <Chip summary={summary} onOpen={() => onPanel("shield")} />
    <nav class="tools" aria-label="World">
      {tools.map((name) => (
        <Tool key={name} name={name} open={panel === name} onPanel={onPanel} />
      ))}
    </nav>
  </header>
);

/** While there is no room, there is nothing to verify. */
export const rehearsalSummary: Summary = {
  tone: "none",
  line: "Rehearsal: nothing verified",
  title: "A rehearsal",
  text: "",
};

interface ToolProps {
  readonly name: ToolName;
  readonly open: boolean;
  readonly onPanel: (panel: PanelName) => void;
}

const Tool = ({ name, open, onPanel }: ToolProps): JSX.Element => (
  <button
    class="tool glass"
    type="button"
    data-action={name}
    aria-label={toolSigns[name].label}
    title={toolSigns[name].label}
    aria-haspopup="dialog"
    aria-expanded={open}
    onClick={() => onPanel(name)}
  >
    {toolSigns[name].sign}
  </button>
);

const emoteSigns: Record<Emote, { readonly word: string; readonly sign: JSX.Element }> = {
  wave: { word: "Wave", sign: <Wave /> },
  dance: { word: "Dance", sign: <Dance /> },
  cheer: { word: "Cheer", sign: <Cheer /> },
  sit: { word: "Sit", sign: <Sit /> },
};

interface EmotesProps extends HintProps {
  readonly onEmote: (emote: Emote) => void;
}

export const Emotes = ({ keyOf, onEmote }: EmotesProps): JSX.Element => (
  <div class="emotes glass" role="group" aria-label="Emotes">
    {emotes.map((emote) => (
      <button
        key={emote}
        type="button"
        data-emote={emote}
        aria-label={emoteSigns[emote].word}
        title={emoteSigns[emote].word}
        aria-keyshortcuts={shortcutOf(keyOf(emote))}
        onClick={() => onEmote(emote)}
      >
        {emoteSigns[emote].sign}
        <kbd aria-hidden="true" data-key={keyOf(emote)} />
      </button>
    ))}
  </div>
);

const gateWords: { readonly [gate: string]: string } = {
  dot4: "the Dot4 tables",
  skirmish: "a round of Skirmish",
  wilds: "the wilds",
};

interface GateProps {
  readonly gate: string;
  /** One is on the way already. */
  readonly travelling: boolean;
  /** What the key is called that does it. */
  readonly hotkey: string;
  readonly onTravel: () => void;
}

export const GatePrompt = ({ gate, travelling, hotkey, onTravel }: GateProps): JSX.Element => (
  <button class="prompt button" type="button" data-action="travel" disabled={travelling} onClick={onTravel}>
    <Gate />
    {travelling ? "On the way…" : `Step through to ${gateWords[gate] ?? gate}`}
    <Key name={hotkey} />
  </button>
);

interface DigProps {
  readonly hotkey: string;
  readonly onDig: () => void;
}

export const DigPrompt = ({ hotkey, onDig }: DigProps): JSX.Element => (
  <button class="prompt button" type="button" data-action="dig" onClick={onDig}>
    <Spade />
    Dig here
    <Key name={hotkey} />
  </button>
);

const Key = ({ name }: { readonly name: string }): JSX.Element => (
  <kbd class="kbd" aria-hidden="true">
    {name}
  </kbd>
);

const stepWords: Record<GettingIn, string> = {
  reaching: "Reaching the hub…",
  checking: "Checking its proof…",
  joining: "Going in…",
};

/** Steps until one is in the room. */
export type GettingIn = "reaching" | "checking" | "joining";

export const Joining = ({ step }: { readonly step: GettingIn }): JSX.Element => (
  <p class="banner glass" role="status" data-notice="joining">
    {stepWords[step]}
  </p>
);

export const Reconnecting = ({ onRetry }: { readonly onRetry: () => void }): JSX.Element => (
  <div class="banner glass" data-notice="reconnecting">
    <p role="status">Connection lost. Reconnecting…</p>
    <button class="button small" type="button" data-action="retry-now" onClick={onRetry}>
      Try now
    </button>
  </div>
);

/** The room stands still; why, the shield says above it. */
export const Standstill = ({ title }: { readonly title: string }): JSX.Element => (
  <p class="banner glass" role="alert" data-notice="frozen">
    {title}. Nothing moves until it goes on.
  </p>
);

/** Sent out of the world. @param why null: one may come back. */
export const Outside = ({
  why,
  onEnter,
}: {
  readonly why: string | null;
  readonly onEnter: () => void;
}): JSX.Element => (
  <div class="banner glass" data-notice="outside">
    <p role="alert">{why ?? "You may come back in."}</p>
    {why === null ? (
      <button class="button small" type="button" data-action="come-back" onClick={onEnter}>
        Enter again
      </button>
    ) : null}
  </div>
);

export const QuestLine = ({ quest, onOpen }: { readonly quest: Quest; readonly onOpen: () => void }): JSX.Element => (
  <button class="quest glass" type="button" data-quest={quest.step} onClick={onOpen}>
    <Egg />
    {quest.sentence}
  </button>
);

export const Caption = ({ text }: { readonly text: string | null }): JSX.Element => (
  <p class="caption" data-caption aria-hidden="true">
    {text === null ? null : <span>[{text}]</span>}
  </p>
);

interface HintProps {
  /** What the key is called that a player has chosen for this. */
  readonly keyOf: (action: Action) => string;
}

export const Hint = ({ keyOf }: HintProps): JSX.Element => (
  <p class="hint">
    {(["ahead", "left", "back", "right"] as const).flatMap((action) => [
      <kbd class="kbd" key={action}>
        {keyOf(action)}
      </kbd>,
      " ",
    ])}
    walk · drag to look · <kbd class="kbd">{keyOf("help")}</kbd> help
  </p>
);
