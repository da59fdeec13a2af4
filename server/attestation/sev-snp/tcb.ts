/**
 * Security versions of AMD's firmware. AMD publication 56860, tables TCB_VERSION (one for Milan and Genoa, another since
 * Turin).
 */
import { demand } from "../errors.ts";
import type { SnpReport } from "./report.ts";

/** Generations of processors that can do SEV-SNP. Which are believed is said in `product.ts`. */
export type Generation = "Milan" | "Genoa" | "Turin";

/** Security versions, 0 to 255 each. */
export interface SnpTcb {
  /** Of the first mutable code; since Turin. */
  readonly fmc?: number;
  readonly bootLoader: number;
  readonly tee: number;
  readonly snp: number;
  readonly microcode: number;
}

export const tcbComponents = ["fmc", "bootLoader", "tee", "snp", "microcode"] as const;

type Component = (typeof tcbComponents)[number];

/** Where each component stands; whatever is in between is reserved. */
const layouts: Readonly<Record<Generation, Readonly<Partial<Record<Component, number>>>>> = {
  Milan: { bootLoader: 0, tee: 1, snp: 6, microcode: 7 },
  Genoa: { bootLoader: 0, tee: 1, snp: 6, microcode: 7 },
  Turin: { fmc: 0, bootLoader: 1, tee: 2, snp: 3, microcode: 7 },
};

/** @throws AttestationError "quote-malformed" for a reserved byte that is not zero. */
export function readTcb(bytes: Uint8Array, generation: Generation): SnpTcb {
  const layout = layouts[generation];
  const places: readonly number[] = Object.values(layout);
  demand(
    bytes.every((byte, at) => byte === 0 || places.includes(at)),
    "quote-malformed",
    "reserved byte of a TCB version",
  );
  const entries = tcbComponents.flatMap((name) => (layout[name] === undefined ? [] : [[name, bytes[layout[name]]!]]));
  return Object.fromEntries(entries) as SnpTcb;
}

/** Whether every component is at least the other's. */
export const isAtLeast = (tcb: SnpTcb, least: SnpTcb): boolean =>
  tcbComponents.every((name) => (tcb[name] ?? 0) >= (least[name] ?? 0));

export interface SnpTcbs {
  /** What the processor runs. */
  readonly current: SnpTcb;
  /** What its host reports, and the signing key is derived from: not more than it runs. */
  readonly reported: SnpTcb;
  /** Below which it cannot be rolled back. */
  readonly committed: SnpTcb;
  /** What it ran when the guest was started. */
  readonly launch: SnpTcb;
}

/**
 * The report's four versions. Firmware may be taken back only to what was committed, so nothing that runs is below it;
 * and what is reported, or was there at the start, is not above what runs.
 *
 * @throws AttestationError "quote-malformed", "firmware-rolled-back".
 */
export function readTcbs(report: SnpReport, generation: Generation): SnpTcbs {
  const tcbs = {
    current: readTcb(report.currentTcb, generation),
    reported: readTcb(report.reportedTcb, generation),
    committed: readTcb(report.committedTcb, generation),
    launch: readTcb(report.launchTcb, generation),
  };
  const { current } = tcbs;
  demand(isAtLeast(current, tcbs.committed), "firmware-rolled-back", "below what was committed");
  demand(isAtLeast(current, tcbs.reported), "firmware-rolled-back", "below what is reported");
  demand(isAtLeast(current, tcbs.launch), "firmware-rolled-back", "below what there was at the start");
  const [now, committed] = [report.currentFirmware, report.committedFirmware].map(
    ({ major, minor, build }) => (major * 256 + minor) * 256 + build,
  ) as [number, number];
  demand(now >= committed, "firmware-rolled-back", "an earlier version than was committed");
  return tcbs;
}
