/** What processes used between two moments. */
import type { Usage } from "./processes/child.ts";
import type { Process } from "./processes/parent.ts";

export type Named<T> = Readonly<Record<string, T>>;

export interface Moment {
  /** By `performance.now()`. */
  readonly at: number;
  readonly usages: Named<Usage>;
}

export async function momentOf(processes: Named<Process>): Promise<Moment> {
  const entries = Object.entries(processes).map(async ([name, process]) => [name, await process.usage()] as const);
  return { at: performance.now(), usages: Object.fromEntries(await Promise.all(entries)) };
}

/** Processor time in ms that the named processes used between two moments. */
export const cpuMsBetween = (from: Moment, to: Moment, names: readonly string[]): number =>
  sum(names, (name) => to.usages[name]!.cpuMs - from.usages[name]!.cpuMs);

/** The same as a number of cores. */
export const coresBetween = (from: Moment, to: Moment, names: readonly string[]): number =>
  cpuMsBetween(from, to, names) / (to.at - from.at);

/** How much of the time some of the named processes had work but no core: 0.5 is half of the time, for one of them. */
export function waitShareBetween(from: Moment, to: Moment, names: readonly string[]): number | null {
  if (names.some((name) => to.usages[name]!.waitMs === null)) return null;
  return sum(names, (name) => to.usages[name]!.waitMs! - from.usages[name]!.waitMs!) / (to.at - from.at);
}

const sum = (names: readonly string[], value: (name: string) => number): number =>
  names.reduce((total, name) => total + value(name), 0);
