/** Choosing keys: a button for each doing, which waits for the key that is to do it. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { actions, chosenFor, refusalOf, usualKeys, withKey } from "../input/chosen.ts";
import { actionWords, keyName, type Action, type Printed } from "../input/keys.ts";
import { withSign } from "../input/printed.ts";
import type { Settings } from "../settings.ts";

interface KeyChoiceProps {
  readonly settings: Settings;
  readonly printed: Printed;
  readonly onSettings: (settings: Settings) => void;
}

export function KeyChoice({ settings, printed, onSettings }: KeyChoiceProps): JSX.Element {
  const { keys, signs } = settings;
  const said = useSignal("");
  const choose = (action: Action, event: KeyboardEvent): void => {
    const shown = withSign(signs, event);
    const other = chosenFor(keys, event.code);
    const name = (code: string): string => keyName(code, new Map([...Object.entries(shown), ...printed]));
    onSettings({ ...settings, keys: withKey(keys, action, event.code), signs: shown });
    const swapped = other === undefined || other === action ? "" : ` ${actionWords[other]}: ${name(keys[action])}.`;
    said.value = `${actionWords[action]}: ${name(event.code)}.${swapped}`;
  };
  return (
    <details class="key-choice" data-part="keys">
      <summary>Keys</summary>
      <p class="small">
        Press a button, then the key that is to do it; Escape leaves it as it was. If the key does something else, the
        two are swapped. Tab, Enter and Escape cannot be chosen: they reach, press and close what is on the page.
      </p>
      <ul>
        {actions.map((action) => (
          <li key={action}>
            <Doing
              action={action}
              name={keyName(keys[action], printed)}
              onChoose={(event) => choose(action, event)}
              onSay={(words) => {
                said.value = words;
              }}
            />
          </li>
        ))}
      </ul>
      <p class="said" role="status">
        {said.value}
      </p>
      <button
        class="button small"
        type="button"
        data-action="usual-keys"
        onClick={() => {
          onSettings({ ...settings, keys: usualKeys });
          said.value = "All keys are the usual ones.";
        }}
      >
        Back to the usual keys
      </button>
    </details>
  );
}

interface DoingProps {
  readonly action: Action;
  /** What its key is called. */
  readonly name: string;
  readonly onChoose: (event: KeyboardEvent) => void;
  readonly onSay: (words: string) => void;
}

function Doing({ action, name, onChoose, onSay }: DoingProps): JSX.Element {
  const waiting = useSignal(false);
  /** Its key was chosen or given up just now: then the button has the focus that the field had. */
  const done = useRef(false);
  const end = (): void => {
    done.current = true;
    waiting.value = false;
  };
  if (waiting.value) {
    return (
      <Waiting
        action={action}
        onChoose={(event) => {
          onChoose(event);
          end();
        }}
        onEscape={() => {
          onSay(`${actionWords[action]} is as it was.`);
          end();
        }}
        onRefuse={onSay}
        onLeave={() => {
          waiting.value = false;
        }}
      />
    );
  }
  return (
    <button
      class="button"
      type="button"
      data-key-of={action}
      ref={(button) => {
        if (button === null || !done.current) return;
        done.current = false;
        button.focus();
      }}
      onKeyDown={(event) => {
        // The key that was just chosen may still be down: it does not press the button.
        if (event.repeat) event.preventDefault();
      }}
      onClick={() => {
        onSay("");
        waiting.value = true;
      }}
    >
      {actionWords[action]}: <kbd class="kbd">{name}</kbd>
    </button>
  );
}

interface WaitingProps {
  readonly action: Action;
  readonly onChoose: (event: KeyboardEvent) => void;
  readonly onEscape: () => void;
  /** With why that key cannot be chosen. */
  readonly onRefuse: (why: string) => void;
  readonly onLeave: () => void;
}

/** A field and no button: while one is in a field, screen readers leave letters to the page. */
function Waiting({ action, onChoose, onEscape, onRefuse, onLeave }: WaitingProps): JSX.Element {
  /** The newest key that went down. */
  const down = useRef("");
  const press = (event: KeyboardEvent): void => {
    // With Control it is a command to the browser.
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.code !== "Tab") event.preventDefault();
    // The Enter that pressed the button may still be down.
    if (event.repeat) return;
    down.current = event.code;
    if (isShift(event)) return;
    if (event.code === "Escape") return onEscape();
    const refusal = refusalOf(event.code);
    if (refusal === undefined) onChoose(event);
    else onRefuse(refusal);
  };
  return (
    <label class="button">
      {actionWords[action]}:
      <input
        data-field="key"
        aria-label={`${actionWords[action]}: press a key, or Escape to leave it as it was`}
        placeholder="Press a key"
        inputMode="none"
        autocomplete="off"
        ref={(field) => field?.focus()}
        onKeyDown={press}
        onKeyUp={(event) => {
          // Until it is let go, it may be on its way back with Tab.
          if (isShift(event) && event.code === down.current) onChoose(event);
        }}
        onInput={({ currentTarget }) => {
          currentTarget.value = "";
        }}
        onBlur={onLeave}
      />
    </label>
  );
}

const isShift = ({ code }: KeyboardEvent): boolean => code.startsWith("Shift");
