/** The clock of a turn. It stands still while the room does, because it counts the room's ticks. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { clockText, clockWords, urgentMs } from "./clock.ts";

interface ClockFaceProps {
  /** Milliseconds left now; null: no clock runs. */
  readonly left: () => number | null;
  /** Of how many. */
  readonly totalMs: number;
  readonly still: boolean;
}

const refreshMs = 250;
const circumference = 100;

export function ClockFace({ left, totalMs, still }: ClockFaceProps): JSX.Element | null {
  const beat = useSignal(0);
  useEffect(() => {
    if (still) return undefined;
    const timer = setInterval(() => beat.value++, refreshMs);
    return () => clearInterval(timer);
  }, [still]);
  void beat.value;
  const ms = left();
  return ms === null ? null : <Face ms={ms} totalMs={totalMs} still={still} />;
}

/** A pure function of the time. */
function Face({ ms, totalMs, still }: { readonly ms: number; readonly totalMs: number; readonly still: boolean }) {
  const part = Math.min(1, Math.max(0, totalMs > 0 ? ms / totalMs : 0));
  return (
    <div
      class="clock"
      role="timer"
      aria-label={`${clockWords(ms)} left${still ? ", standing still" : ""}`}
      data-clock={still ? "still" : "running"}
      data-urgent={ms <= urgentMs ? "" : undefined}
    >
      <svg viewBox="0 0 36 36" aria-hidden="true">
        <circle class="clock-track" cx="18" cy="18" r="15.915" />
        <circle
          class="clock-left"
          cx="18"
          cy="18"
          r="15.915"
          stroke-dasharray={`${(part * circumference).toFixed(1)} ${circumference}`}
          transform="rotate(-90 18 18)"
        />
      </svg>
      <span>{clockText(ms)}</span>
    </div>
  );
}
