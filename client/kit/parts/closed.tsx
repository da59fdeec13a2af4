/** Why there is no connection, and what can be done about it. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { ClientError, ClientErrorCode } from "#client/errors.ts";
import type { Policy } from "#attestation/policy.ts";
import type { Want } from "#protocol/message.ts";
import { isAboutProof, remediesFor, type Remedy } from "#kit/advice.ts";

interface ClosedProps {
  readonly error: ClientError;
  readonly want: Want;
  readonly policy: Policy;
  readonly onRemedy: (remedy: Exclude<Remedy, "type">) => void;
  /** False: what was typed is no fingerprint. */
  readonly onFingerprint: (typed: string) => Promise<boolean>;
  readonly onShield: () => void;
}

const labels: Record<Exclude<Remedy, "type">, string> = {
  again: "Try again",
  watch: "Watch instead",
  reload: "Reload the page",
  lobby: "Back to the lobby",
};

export function Closed({ error, want, policy, onRemedy, onFingerprint, onShield }: ClosedProps): JSX.Element {
  const proof = isAboutProof(error.code);
  const remedies = remediesFor(error, want, policy);
  const buttons = remedies.filter((remedy) => remedy !== "type");
  return (
    <section
      class="glass ticks card closed"
      role="alert"
      data-closed={error.code}
      data-proof={proof ? "failed" : undefined}
    >
      <h1>{titleOf(error.code)}</h1>
      <p>{error.sentence}</p>
      {error.source === "gateway" ? (
        <p class="quiet">So says the place that carries the connection; the room itself has not said so.</p>
      ) : null}
      {remedies.includes("type") ? <FingerprintForm onFingerprint={onFingerprint} /> : null}
      <div class="stack">
        {proof ? (
          <button class="button main" type="button" data-action="open-shield" onClick={onShield}>
            See which check failed
          </button>
        ) : null}
        {buttons.map((remedy, index) => (
          <button
            class={index === 0 && !proof ? "button main" : "button"}
            type="button"
            data-action={remedy}
            key={remedy}
            onClick={() => onRemedy(remedy)}
          >
            {labels[remedy]}
          </button>
        ))}
      </div>
    </section>
  );
}

function titleOf(code: ClientErrorCode): string {
  if (isAboutProof(code)) return "Play is blocked";
  return code === "rolled-back" ? "The room was rolled back" : "Not connected";
}

/** For a development machine that is not this one. The fingerprint must come from its operator, not from this page. */
function FingerprintForm({ onFingerprint }: Pick<ClosedProps, "onFingerprint">): JSX.Element {
  const typed = useSignal("");
  const wrong = useSignal(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    wrong.value = !(await onFingerprint(typed.value));
  };
  return (
    <form class="field" onSubmit={(event) => void submit(event)}>
      <label class="label" for="fingerprint">
        If you trust its operator with everything you do here, type the fingerprint that the machine printed when it
        started:
      </label>
      <input
        class="input mono"
        id="fingerprint"
        data-field="fingerprint"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        placeholder="64 digits and letters a to f"
        value={typed.value}
        aria-invalid={wrong.value}
        aria-describedby="fingerprint-trouble"
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          wrong.value = false;
        }}
      />
      <p id="fingerprint-trouble" class="field-trouble" role="status">
        {wrong.value ? "A fingerprint has 64 digits and letters from a to f." : ""}
      </p>
      <button class="button" type="submit" data-action="type-fingerprint">
        Accept this machine
      </button>
    </form>
  );
}
