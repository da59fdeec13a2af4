/** The shield chip: always on the page, one line, with a mark that says what the colour says. Pure. */
import type { JSX } from "preact";
import { Shield } from "../parts/icons.tsx";
import type { Summary, Tone } from "./report.ts";

export const marks: Record<Tone, "check" | "warn" | "cross" | "none" | "wait"> = {
  none: "none",
  wait: "wait",
  good: "check",
  warn: "warn",
  bad: "cross",
};

interface ChipProps {
  readonly summary: Summary;
  readonly onOpen: () => void;
}

export const Chip = ({ summary, onOpen }: ChipProps): JSX.Element => (
  <button
    class="chip"
    type="button"
    data-shield={summary.tone}
    data-tone={summary.tone}
    aria-haspopup="dialog"
    onClick={onOpen}
  >
    <Shield mark={marks[summary.tone]} />
    <span>{summary.line}</span>
  </button>
);
