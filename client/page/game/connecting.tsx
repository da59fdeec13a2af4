/** What is shown until the room is joined: the steps as they are really taken. Pure. */
import type { JSX } from "preact";
import { Check } from "#kit/parts/icons.tsx";
import type { Stage } from "../visit.ts";

const steps = [
  { stage: "reaching", now: "Reaching the place", done: "The place answers" },
  { stage: "checking", now: "Checking the enclave", done: "The enclave is checked" },
  { stage: "joining", now: "Joining the room", done: "Joined" },
] as const;

interface ConnectingProps {
  readonly stage: Stage;
  readonly onCancel: () => void;
}

export function Connecting({ stage, onCancel }: ConnectingProps): JSX.Element {
  const at = steps.findIndex((step) => step.stage === stage);
  return (
    <main class="centre" id="main" data-phase="connecting" data-step={stage}>
      <section class="glass ticks card" aria-labelledby="connecting-title">
        <h1 id="connecting-title">Joining the room</h1>
        <ol class="steps">
          {steps.map((step, index) => (
            <li
              key={step.stage}
              data-done={index < at ? "" : undefined}
              data-now={index === at ? "" : undefined}
              aria-current={index === at ? "step" : undefined}
            >
              <span class="step-sign" aria-hidden="true">
                {index < at ? <Check /> : index + 1}
              </span>
              {index < at ? step.done : step.now}
            </li>
          ))}
        </ol>
        <p class="unseen" role="status">
          {steps[at]?.now}
        </p>
        <p class="quiet">Nothing about you is sent before the enclave has proved what it runs.</p>
        <button class="button" type="button" data-action="cancel" onClick={onCancel}>
          Cancel
        </button>
      </section>
    </main>
  );
}
