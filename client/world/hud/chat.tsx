/** What was said, and a field to say something. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ChatLine } from "../page-state.ts";
import { messageLengthMax } from "../port.ts";

interface ChatProps {
  readonly lines: readonly ChatLine[];
  readonly talking: boolean;
  /** Whether one is in the world, where somebody could hear it. */
  readonly heard: boolean;
  /** Comes back into the field, if nothing else is in it by now. */
  readonly unsaid: string | null;
  readonly onUnsaid: () => void;
  readonly onSay: (text: string) => void;
  /** The field is left, and keys walk again. */
  readonly onDone: () => void;
  readonly onTalk: () => void;
}

export function Chat({ lines, talking, heard, unsaid, onUnsaid, onSay, onDone, onTalk }: ChatProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const log = useRef<HTMLDivElement>(null);
  // Before the next key: it belongs to the field, or walks.
  useLayoutEffect(() => {
    if (talking && !heard) onDone();
    else if (talking) field.current?.focus();
    else if (document.activeElement === field.current) field.current?.blur();
  }, [talking, heard]);
  useEffect(() => {
    if (unsaid === null || field.current === null) return;
    if (field.current.value === "") field.current.value = unsaid;
    onUnsaid();
  }, [unsaid]);
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [lines]);
  return (
    <section class="chat" aria-label="Chat">
      <div class="log" role="log" aria-live="polite" aria-label="What was said" tabIndex={0} ref={log}>
        {lines.map(({ id, name, text, own }) => (
          <p key={id} data-own={own || undefined} data-world={name === null || undefined}>
            {name === null ? null : <b>{name}</b>} {text}
          </p>
        ))}
      </div>
      <form
        class="say glass"
        onSubmit={(event) => {
          event.preventDefault();
          const input = field.current;
          if (input === null) return;
          if (input.value.trim() !== "") onSay(input.value);
          input.value = "";
          input.blur();
        }}
      >
        <input
          ref={field}
          data-field="chat"
          aria-label="Say something"
          placeholder="Say something"
          maxLength={messageLengthMax}
          autocomplete="off"
          disabled={!heard}
          onFocus={onTalk}
          onBlur={onDone}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
      </form>
    </section>
  );
}
