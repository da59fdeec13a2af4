/** What opens over the world: settings, looks, and what the shield has to say. */
import type { JSX } from "preact";
import type { Printed } from "../input/keys.ts";
import { levels } from "../quality/levels.ts";
import type { Settings } from "../settings.ts";
import type { Look } from "../avatars/look.ts";
import { KeyChoice } from "./key-choice.tsx";
import { ColourChoice, PartChoice, RaceChoice } from "./look-editor.tsx";
import { Sheet } from "./sheet.tsx";

interface PanelProps {
  readonly onClose: () => void;
}

const levelWords = { auto: "Automatic", low: "Low", medium: "Medium", high: "High" } as const;
const motionWords = { system: "As the system says", less: "Less", full: "Full" } as const;

interface SettingsProps extends PanelProps {
  readonly settings: Settings;
  /** The level drawn now. */
  readonly level: string;
  /** Whether there is a way out of the world. */
  readonly leave: boolean;
  readonly printed: Printed;
  readonly onSettings: (settings: Settings) => void;
}

export const SettingsPanel = ({ settings, level, leave, printed, onSettings, onClose }: SettingsProps): JSX.Element => (
  <Sheet title="Settings" onClose={onClose}>
    <div class="fields">
      <label class="field">
        <span>Picture quality{settings.quality === "auto" ? `, now ${level}` : ""}</span>
        <select
          class="input"
          data-field="quality"
          value={settings.quality}
          onChange={(event) => onSettings({ ...settings, quality: event.currentTarget.value as Settings["quality"] })}
        >
          {(["auto", ...levels] as const).map((choice) => (
            <option key={choice} value={choice}>
              {levelWords[choice]}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>Motion</span>
        <select
          class="input"
          data-field="motion"
          value={settings.motion}
          onChange={(event) => onSettings({ ...settings, motion: event.currentTarget.value as Settings["motion"] })}
        >
          {(["system", "less", "full"] as const).map((choice) => (
            <option key={choice} value={choice}>
              {motionWords[choice]}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>Volume: {settings.volume === 0 ? "silent" : `${settings.volume} of 100`}</span>
        <input
          type="range"
          min={0}
          max={100}
          step={5}
          data-field="volume"
          value={settings.volume}
          onInput={(event) => onSettings({ ...settings, volume: Number(event.currentTarget.value) })}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          data-field="captions"
          checked={settings.captions}
          onChange={(event) => onSettings({ ...settings, captions: event.currentTarget.checked })}
        />
        <span>Captions for sounds</span>
      </label>
      <KeyChoice settings={settings} printed={printed} onSettings={onSettings} />
      {leave ? (
        <a class="button" href="../" data-action="leave">
          Leave the world
        </a>
      ) : null}
    </div>
  </Sheet>
);

interface LooksProps extends PanelProps {
  readonly look: Look;
  /** Whether parts are for everybody to try on: in a room they belong to Shells. */
  readonly anyPart: boolean;
  readonly onLook: (look: Look) => void;
}

export const LooksPanel = ({ look, anyPart, onLook, onClose }: LooksProps): JSX.Element => (
  <Sheet title="Looks" portrait onClose={onClose}>
    <div class="fields">
      <RaceChoice look={look} onLook={onLook} />
      <ColourChoice look={look} onLook={onLook} />
      {anyPart ? (
        <PartChoice look={look} onLook={onLook} />
      ) : (
        <p>This is how you look until you have a Shell. Its race is its own, and so is what it wears.</p>
      )}
    </div>
  </Sheet>
);

/** While there is no room, there is nothing to verify; saying less would be lying. */
export const RehearsalShield = ({ onClose }: PanelProps): JSX.Element => (
  <Sheet title="A rehearsal, without a room" onClose={onClose}>
    <p>
      Nobody else is here: the others follow a script that runs in this page. Nothing was verified, because nothing is
      sent anywhere. What you type stays on this device.
    </p>
  </Sheet>
);
