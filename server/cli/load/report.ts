/** What a load found. */

export interface LoadReport {
  readonly contract: string;
  readonly rooms: number;
  readonly players: number;
  readonly joined: number;
  /** Who did not get in, by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Who got in and was lost, by code. */
  readonly lost: Readonly<Record<string, number>>;
  /** Whether all who joined had verified the worker's evidence and accepted it; null if nobody joined. */
  readonly verified: boolean | null;
  /** Whether nothing but a development root vouches for it. */
  readonly development: boolean;
  /** What they did: pushed rows, made moves, or pinged only. */
  readonly did: "push" | "move" | "ping";
  /** Whether it was ended before its time. */
  readonly interrupted: boolean;
  /** How long was measured, in s. */
  readonly seconds: number;
  /** Of joining, in ms; null if nobody did. */
  readonly joinP50Ms: number | null;
  readonly joinP99Ms: number | null;
  /** Answers within the measured time, and how long they took. */
  readonly answers: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** For each player, within the measured time. */
  readonly framesPerSecond: number;
  readonly bytesReceivedPerSecond: number;
  readonly bytesSentPerSecond: number;
  /** What these clients used of one core: near 1 it is them who are slow. 0 if the time was too short to say. */
  readonly ownCoreShare: number;
}

/** By nearest rank; null of nothing. */
export function percentile(samples: readonly number[], percent: number): number | null {
  if (samples.length === 0) return null;
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!;
}

/** Adds one of this code. */
export const count = (counts: Map<string, number>, code: string): void =>
  void counts.set(code, (counts.get(code) ?? 0) + 1);
