/** What the calls of a recording cost a contract, by kind. The same on every machine. */
import type { Call } from "#contract/abi.ts";
import { SandboxError, type Instance, type LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { Manifest } from "#protocol/manifest.ts";

export interface Profile {
  readonly manifest: Manifest;
  /** In the order in which the recording has them first. */
  readonly kinds: readonly KindProfile[];
  /** Most pages of 64 KiB that the room held. */
  readonly pages: number;
  /** Why calls ended early, each reason once. */
  readonly faults: readonly string[];
}

export interface KindProfile {
  readonly kind: Call["call"];
  /** Of a view: once for each viewer. */
  readonly count: number;
  /** Of these, how many ended early. */
  readonly faulted: number;
  /** Units of one call. */
  readonly fuel: { readonly mean: number; readonly p99: number; readonly max: number };
}

/** Plays the recording in a room of its own. A call that ends early has not happened, as in every room. */
export function profile(contract: LoadedContract, calls: readonly Call[]): Profile {
  const spent = new Map<Call["call"], number[]>();
  const faulted = new Map<Call["call"], number>();
  const faults = new Set<string>();
  const happened: Call[] = [];
  let pages = 0;
  let room = contract.instantiate();
  for (const call of calls.flatMap(oneViewerEach)) {
    try {
      room.call(call);
      happened.push(call);
    } catch (fault) {
      if (!(fault instanceof SandboxError)) throw fault;
      faults.add(`${call.call}: ${fault.detail.split("\n")[0]}`);
      faulted.set(call.call, (faulted.get(call.call) ?? 0) + 1);
    }
    const { usage } = room;
    const ofKind = spent.get(call.call) ?? [];
    spent.set(call.call, ofKind);
    ofKind.push(usage.fuel);
    pages = Math.max(pages, usage.pages);
    if (happened.at(-1) !== call) room = again(contract, room, happened);
  }
  room.close();
  return {
    manifest: contract.manifest,
    kinds: Array.from(spent, ([kind, fuel]) => ({
      kind,
      count: fuel.length,
      faulted: faulted.get(kind) ?? 0,
      fuel: summary(fuel),
    })),
    pages,
    faults: [...faults],
  };
}

/** A view's budget is that of one viewer. */
function oneViewerEach(call: Call): Call[] {
  return call.call === "view" ? call.viewers.map((viewer) => ({ ...call, viewers: [viewer] })) : [call];
}

function again(contract: LoadedContract, torn: Instance, happened: readonly Call[]): Instance {
  torn.close();
  const room = contract.instantiate();
  for (const call of happened) room.call(call);
  return room;
}

function summary(fuel: readonly number[]): KindProfile["fuel"] {
  const sorted = fuel.toSorted((a, b) => a - b);
  return {
    mean: Math.round(fuel.reduce((sum, one) => sum + one, 0) / fuel.length),
    p99: sorted[Math.ceil(sorted.length * 0.99) - 1]!,
    max: sorted.at(-1)!,
  };
}
