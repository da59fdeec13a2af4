/** Says that other rules are to take over, when, and that one may leave before. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { bytesToHex } from "#protocol/bytes.ts";
import { Notice } from "./notice.tsx";

interface UpgradeNoticeProps {
  /** Contract hash of the rules to come. */
  readonly contract: Uint8Array;
  /** Whether this page was built to play by them, too. */
  readonly known: boolean;
  /** Of running play. */
  readonly leftMs: () => number;
  /** Undefined for whoever only watches. */
  readonly onLeave: (() => void) | undefined;
}

/** How often the time is read anew. */
const readMs = 1000;

export function UpgradeNotice({ leftMs, ...notice }: UpgradeNoticeProps): JSX.Element {
  const left = useSignal(leftMs());
  useEffect(() => {
    const timer = setInterval(() => {
      left.value = leftMs();
    }, readMs);
    return () => clearInterval(timer);
  }, []);
  return <UpgradeWords {...notice} leftMs={left.value} />;
}

export function UpgradeWords({
  contract,
  known,
  leftMs,
  onLeave,
}: Omit<UpgradeNoticeProps, "leftMs"> & { readonly leftMs: number }): JSX.Element {
  return (
    <div class="upgrade">
      <Notice tone="warn" name="upgrade">
        <p>The rules change in {timeWords(leftMs)} of play.</p>
        <p>
          Whoever may upgrade these rules has said so. What was played counts on.{" "}
          {known
            ? "If you do not want the new rules, leave before."
            : "This page does not know the new rules and leaves then; you may leave before."}
        </p>
        <p class="mono" data-contract={bytesToHex(contract)}>
          contract {bytesToHex(contract)}
        </p>
      </Notice>
      {onLeave === undefined ? null : (
        <button class="button small" type="button" data-action="leave-before" onClick={onLeave}>
          Leave
        </button>
      )}
    </div>
  );
}

const units: readonly (readonly [name: string, ms: number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** Rounded up, in the largest unit of which there are two or more. */
export function timeWords(ms: number): string {
  for (const [name, unit] of units) if (ms > unit) return `${Math.ceil(ms / unit)} ${name}s`;
  return "less than a minute";
}
