/** Everything around the picture while one is inside. */
import type { ComponentChildren, JSX } from "preact";
import { Chip } from "#kit/shield/chip.tsx";
import type { PanelName } from "../page-state.ts";
import { emotes, type Emote } from "../port.ts";
import { Cheer, Dance, Gate, Looks, Mark, People, Question, Sit, Sliders, Wave } from "./icons.tsx";

interface BarProps {
  readonly place: string;
  readonly here: number;
  readonly panel: PanelName | null;
  readonly onPanel: (panel: PanelName) => void;
}

export const TopBar = ({ place, here, panel, onPanel }: BarProps): JSX.Element => (
  <header class="top">
    <span class="brand">
      <Mark />
      <span>
        <b>Phala World</b>
        <small>
          {place} · {here} here
        </small>
      </span>
    </span>
    <Chip summary={rehearsalSummary} onOpen={() => onPanel("shield")} />
    <nav class="tools" aria-label="World">
      <Tool name="looks" label="Looks" panel={panel} onPanel={onPanel}>
        <Looks />
      </Tool>
      <Tool name="people" label="People here" panel={panel} onPanel={onPanel}>
        <People />
      </Tool>
      <Tool name="settings" label="Settings" panel={panel} onPanel={onPanel}>
        <Sliders />
      </Tool>
      <Tool name="help" label="Help" panel={panel} onPanel={onPanel}>
        <Question />
      </Tool>
    </nav>
  </header>
);

const rehearsalSummary = {
  tone: "none",
  line: "Rehearsal: nothing verified",
  title: "A rehearsal",
  text: "",
} as const;

interface ToolProps {
  readonly name: PanelName;
  readonly label: string;
  readonly panel: PanelName | null;
  readonly onPanel: (panel: PanelName) => void;
  readonly children: ComponentChildren;
}

const Tool = ({ name, label, panel, onPanel, children }: ToolProps): JSX.Element => (
  <button
    class="tool glass"
    type="button"
    data-action={name}
    aria-label={label}
    title={label}
    aria-haspopup="dialog"
    aria-expanded={panel === name}
    onClick={() => onPanel(name)}
  >
    {children}
  </button>
);

const emoteSigns: Record<Emote, { readonly word: string; readonly sign: JSX.Element }> = {
  wave: { word: "Wave", sign: <Wave /> },
  dance: { word: "Dance", sign: <Dance /> },
  cheer: { word: "Cheer", sign: <Cheer /> },
  sit: { word: "Sit", sign: <Sit /> },
};

export const Emotes = ({ onEmote }: { readonly onEmote: (emote: Emote) => void }): JSX.Element => (
  <div class="emotes glass" role="group" aria-label="Emotes">
    {emotes.map((emote, i) => (
      <button
        key={emote}
        type="button"
        data-emote={emote}
        aria-label={emoteSigns[emote].word}
        onClick={() => onEmote(emote)}
      >
        {emoteSigns[emote].sign}
        <kbd aria-hidden="true">{i + 1}</kbd>
      </button>
    ))}
  </div>
);

const gateWords: { readonly [gate: string]: string } = {
  dot4: "the Dot4 tables",
  skirmish: "a round of Skirmish",
  wilds: "the wilds",
};

export const GatePrompt = ({
  gate,
  onTravel,
}: {
  readonly gate: string;
  readonly onTravel: () => void;
}): JSX.Element => (
  <button class="prompt button" type="button" data-action="travel" onClick={onTravel}>
    <Gate />
    Step through to {gateWords[gate] ?? gate}
    <kbd class="kbd" aria-hidden="true">
      E
    </kbd>
  </button>
);

export const Reconnecting = (): JSX.Element => (
  <p class="banner glass" role="status" data-notice="reconnecting">
    Connection lost. Reconnecting…
  </p>
);

export const Caption = ({ text }: { readonly text: string | null }): JSX.Element => (
  <p class="caption" data-caption aria-hidden="true">
    {text === null ? null : <span>[{text}]</span>}
  </p>
);

export const Hint = (): JSX.Element => (
  <p class="hint">
    <kbd class="kbd">W</kbd> <kbd class="kbd">A</kbd> <kbd class="kbd">S</kbd> <kbd class="kbd">D</kbd> walk · drag to
    look · <kbd class="kbd">H</kbd> help
  </p>
);
