/** A field for an invitation link that came as text. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { ClientError } from "#client/errors.ts";
import { readPasted, type Pasted, type Wish } from "#kit/wish.ts";

interface JoinByLinkProps {
  readonly page: string;
  readonly onEnter: (wish: Wish) => void;
}

export function JoinByLink({ page, onEnter }: JoinByLinkProps): JSX.Element {
  const text = useSignal("");
  const trouble = useSignal<string | null>(null);
  const submit = (event: Event): void => {
    event.preventDefault();
    const outcome = troubleWith(text.value, page);
    if (typeof outcome === "string") trouble.value = outcome;
    else onEnter(outcome.wish);
  };
  return (
    <form class="field" onSubmit={submit}>
      <label class="label" for="link">
        Invited? Paste the link
      </label>
      <div class="with-button">
        <input
          class="input"
          id="link"
          data-field="link"
          autocomplete="off"
          spellcheck={false}
          placeholder="https://…#room=…"
          value={text.value}
          aria-describedby="link-trouble"
          aria-invalid={trouble.value !== null}
          onInput={(event) => {
            text.value = event.currentTarget.value;
            trouble.value = null;
          }}
        />
        <button class="button" type="submit" data-action="join-link" disabled={text.value.trim() === ""}>
          Join
        </button>
      </div>
      <p id="link-trouble" class="field-trouble" role="status">
        {trouble.value}
      </p>
    </form>
  );
}

/** The wish in the link, or a sentence that says what is wrong with it. */
function troubleWith(text: string, page: string): string | Extract<Pasted, { kind: "wish" }> {
  try {
    const pasted = readPasted(text, page);
    if (pasted.kind === "wish") return pasted;
    return pasted.kind === "elsewhere"
      ? "This link leads to another page. Open it in your browser's address bar instead."
      : "There is no room in this text. An invitation link ends in #room= and some letters.";
  } catch (error) {
    return error instanceof ClientError ? error.sentence : "This link cannot be read.";
  }
}
