/**
 * The four workloads, run by several engines in turns of a millisecond, so that all are compared under the same
 * conditions, whatever else the machine has to do. In the end all are asked whether they compute the same.
 */
import { percentile } from "../statistics.ts";
import type { Row } from "../report.ts";
import type { Candidate } from "./candidate.ts";

interface Workload {
  readonly name: string;
  readonly work: number;
  /** Of one turn, of what is compiled and of what is interpreted: about a millisecond. */
  readonly calls: { readonly compiled: number; readonly interpreted: number };
  /** Writes the input of the call that comes next. Returns its length. */
  readonly prepare: (candidate: Candidate, call: number) => number;
}

const begin = 0;
const hash = 5;

/** Sixteen inputs of a hundred directions. */
const directions = Array.from({ length: 16 }, (_, i) => Uint8Array.from({ length: 200 }, (_, k) => i * 89 + k * 37));
const text = Uint8Array.from({ length: 100 }, (_, i) => i);

const workloads: readonly Workload[] = [
  {
    name: "w1_tick",
    work: 1,
    calls: { compiled: 100, interpreted: 2 },
    prepare({ input }, call) {
      input.set(directions[call & 15]!);
      return 100;
    },
  },
  { name: "w2_views", work: 2, calls: { compiled: 40, interpreted: 1 }, prepare: () => 0 },
  {
    name: "w3_card",
    work: 3,
    calls: { compiled: 10_000, interpreted: 200 },
    prepare({ input, output }, call) {
      // Whose turn it is was told by the last action.
      input[0] = call === 0 ? 0 : output[2]!;
      input[1] = call & 1;
      return 2;
    },
  },
  {
    name: "w4_echo",
    work: 4,
    calls: { compiled: 10_000, interpreted: 100 },
    prepare({ input }) {
      input.set(text);
      return 100;
    },
  },
];

/** In us, by candidate and workload: one for each round. */
type Times = ReadonlyMap<string, readonly number[]>;

export interface Rounds {
  readonly rounds: number;
  /** Rounds that do not count, for so long: by then all code is compiled for good. */
  readonly warmupMs: number;
}

/** @throws Error if two compute differently. */
export function measureWorkloads(
  candidates: readonly Candidate[],
  { rounds, warmupMs }: Rounds,
): { readonly rows: Row[]; readonly times: Times } {
  const times = new Map<string, number[]>();
  for (const { call } of candidates) call(begin, 0);
  for (const workload of workloads) {
    const warm = performance.now() + warmupMs;
    while (performance.now() < warm) for (const candidate of candidates) time(candidate, workload);
    for (let round = 0; round < rounds; round++) {
      for (const candidate of candidates) {
        listOf(times, keyOf(candidate.name, workload.name)).push(time(candidate, workload));
      }
    }
  }
  const state = stateOf(candidates);
  const rows = candidates.map(({ name }) => ({
    name,
    ...Object.fromEntries(workloads.map((each) => [`${each.name}_us`, median(times.get(keyOf(name, each.name))!)])),
    state,
  }));
  return { rows, times };
}

/** Medians over rounds of one candidate's time over another's of the same round. */
export function ratioOf(times: Times, name: string, other: string): Record<string, number> {
  const ratios = workloads.map((workload) => {
    const own = times.get(keyOf(name, workload.name))!;
    const others = times.get(keyOf(other, workload.name))!;
    return [`${workload.name}: ${name} / ${other}`, median(own.map((us, round) => us / others[round]!))] as const;
  });
  return Object.fromEntries(ratios);
}

function time(candidate: Candidate, { work, calls, prepare }: Workload): number {
  const count = calls[candidate.kind];
  const from = performance.now();
  for (let call = 0; call < count; call++) candidate.call(work, prepare(candidate, call));
  return ((performance.now() - from) * 1000) / count;
}

/** How often each workload is called to see whether all compute the same. */
const callsToCompare = 100;

/** The hash that all come to when they begin anew and make the same calls. */
function stateOf(candidates: readonly Candidate[]): string {
  const states = candidates.map((candidate) => {
    candidate.call(begin, 0);
    for (const { work, prepare } of workloads) {
      for (let call = 0; call < callsToCompare; call++) candidate.call(work, prepare(candidate, call));
    }
    return (candidate.call(hash, 0) >>> 0).toString(16);
  });
  const other = states.findIndex((state) => state !== states[0]);
  if (other >= 0) throw new Error(`${candidates[other]!.name} ends in another state than ${candidates[0]!.name}`);
  return states[0]!;
}

const keyOf = (candidate: string, workload: string): string => `${candidate} ${workload}`;

function listOf(times: Map<string, number[]>, key: string): number[] {
  const list = times.get(key) ?? [];
  times.set(key, list);
  return list;
}

export const median = (samples: readonly number[]): number => percentile(samples, 50);
