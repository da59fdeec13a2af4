/** A button that copies a text and says that it did. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Check, Copy } from "./icons.tsx";

interface CopyProps {
  readonly text: string;
  /** "Copy link". */
  readonly label: string;
  readonly look?: string;
  /** Shows the icon alone; the label is still read out. */
  readonly bare?: boolean;
}

const shownMs = 2000;

export function CopyButton({ text, label, look = "", bare = false }: CopyProps): JSX.Element {
  const outcome = useSignal<"none" | "copied" | "refused">("none");
  const copy = async (): Promise<void> => {
    outcome.value = await navigator.clipboard.writeText(text).then(
      () => "copied" as const,
      () => "refused" as const,
    );
    setTimeout(() => {
      outcome.value = "none";
    }, shownMs);
  };
  const said = { none: label, copied: "Copied", refused: "Select and copy by hand" }[outcome.value];
  return (
    <button class={`button ${look}`} type="button" aria-label={bare ? said : undefined} onClick={() => void copy()}>
      {outcome.value === "copied" ? <Check /> : <Copy />}
      {bare ? null : said}
      <span class="unseen" role="status">
        {outcome.value === "none" ? "" : said}
      </span>
    </button>
  );
}
