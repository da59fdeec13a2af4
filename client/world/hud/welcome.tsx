/** Before one enters: a name, a race, a colour, and one button. Pure but for what is typed. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Look } from "../avatars/look.ts";
import { nameLengthMax } from "../settings.ts";
import { ColourChoice, RaceChoice } from "./look-editor.tsx";

interface WelcomeProps {
  readonly name: string;
  readonly look: Look;
  readonly onLook: (look: Look) => void;
  readonly onEnter: (name: string) => void;
}

/** For who types nothing. */
export const nameless = "Guest";

export function Welcome({ name, look, onLook, onEnter }: WelcomeProps): JSX.Element {
  const typed = useSignal(name);
  return (
    <section class="welcome glass ticks portrait" aria-labelledby="welcome-title" data-screen="welcome">
      <h1 id="welcome-title">Ten years asleep</h1>
      <p>Your Spirit is awake. Choose a Shell to walk in, and step onto the hub.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onEnter(typed.value.trim() === "" ? nameless : typed.value.trim());
        }}
      >
        <div class="choices">
          <label class="field">
            <span>Name</span>
            <input
              class="input"
              data-field="name"
              autocomplete="nickname"
              maxLength={nameLengthMax}
              placeholder={nameless}
              value={typed.value}
              onInput={(event) => {
                typed.value = event.currentTarget.value;
              }}
            />
          </label>
          <RaceChoice look={look} onLook={onLook} />
          <div class="colours">
            <ColourChoice look={look} onLook={onLook} />
          </div>
        </div>
        <button class="button main big" type="submit" data-action="enter">
          Enter the hub
        </button>
      </form>
    </section>
  );
}
