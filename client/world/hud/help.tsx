/** How to play: what fingers do, and what a mouse and keys do. The style sheet knows which of them are at hand. */
import type { JSX } from "preact";
import { actionWords, keyName, type Action, type Bindings, type Printed } from "../input/keys.ts";
import { Sheet } from "./sheet.tsx";

interface HelpProps {
  readonly bindings: Bindings;
  readonly printed: Printed;
  /** A key was pressed to play: then there are some, whatever one points with. */
  readonly keyed: boolean;
  readonly onClose: () => void;
}

export const HelpPanel = ({ bindings, printed, keyed, onClose }: HelpProps): JSX.Element => (
  <Sheet title="How to play" onClose={onClose}>
    <section class="shelf by-finger" data-part="fingers">
      <h3>With fingers</h3>
      <dl class="keys">
        {touches.map(({ does, how, stick }) => (
          <div key={does} class={stick === true ? "by-stick" : undefined}>
            <dt>{does}</dt>
            <dd>{how}</dd>
          </div>
        ))}
      </dl>
    </section>
    <section class="shelf by-key" data-part="keys" data-keyed={keyed || undefined}>
      <h3>With mouse and keys</h3>
      <p>Drag to look around, turn the wheel to come nearer. Tab reaches every button.</p>
      <dl class="keys">
        {(Object.keys(bindings) as Action[]).map((action) => (
          <div key={action}>
            <dt>{actionWords[action]}</dt>
            <dd>
              {[...new Set(bindings[action].map((code) => keyName(code, printed)))].map((key) => (
                <kbd class="kbd" key={key}>
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  </Sheet>
);

interface Touch {
  readonly does: string;
  readonly how: string;
  /** Told where the stick is shown. */
  readonly stick?: boolean;
}

const touches: readonly Touch[] = [
  { does: "Walk", how: "Push the stick", stick: true },
  { does: "Run", how: "Push it to its edge", stick: true },
  { does: "Look around", how: "Drag on the picture" },
  { does: "Camera nearer", how: "Two fingers apart" },
  { does: "Camera farther", how: "Two fingers together" },
  { does: "First person", how: "Fingers apart, all the way" },
  { does: "Talk", how: "Tap “Say something”" },
  { does: "Wave, dance, cheer, sit", how: "Tap their buttons" },
  { does: "Step through a gate, or dig", how: "Tap the button that appears there" },
  { does: "Everything else", how: "Tap a button at the top" },
];
