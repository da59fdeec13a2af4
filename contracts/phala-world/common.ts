/** What every view holds alike: made when it changes, not for every viewer. */
import { isOpen, opensAt, type Phase } from "./loop/clock.ts";
import { hatchesAt } from "./loop/incubation.ts";
import type { Race } from "./loop/kinds.ts";
import { originsOf } from "./loop/loop.ts";
import type { State } from "./state.ts";

/** An Origin of Shell that anybody can feed. */
export interface Incubating {
  readonly id: number;
  /** By the name that is seen. */
  readonly owner: string;
  readonly race: Race;
  readonly energy: number;
}

export interface Common {
  readonly era: number;
  readonly eraTicks: number;
  readonly open: readonly Phase[];
  /** What opens later, and in which era. */
  readonly later: { readonly [Name in Phase]?: number };
  /** Origins of Shell in incubators that anybody can feed. */
  readonly incubating: readonly Incubating[];
  /** SHA-256 of what preorders will be drawn by, 64 hex digits. */
  readonly drawCommitment: string;
  /** The newest draw among preorders. */
  readonly draw: { readonly era: number; readonly seed: string; readonly preorders: number } | null;
}

const phases: readonly Phase[] = ["spirits", "rare", "prime", "preorder", "last-day", "incubation"];

/** Others' Origins that one is shown: a view is written out whole for everybody whom something concerns. */
const incubatingMax = 12;

/** To be called whenever somebody comes or goes, and when an Origin or the era has changed. */
export function showAll(state: State): void {
  state.common = commonOf(state);
}

export function commonOf(state: Pick<State, "loop" | "era" | "eraTicks" | "present">): Common {
  const { loop, era, eraTicks } = state;
  const last = loop.draws.at(-1);
  return {
    era,
    eraTicks,
    open: phases.filter((phase) => isOpen(phase, era)),
    later: Object.fromEntries(
      phases.flatMap((phase) => {
        const from = opensAt(phase, era);
        return from === undefined ? [] : [[phase, from]];
      }),
    ),
    incubating: incubatingIn(state),
    drawCommitment: loop.lot.commitment,
    draw: last === undefined ? null : { era: last.era, seed: last.seed, preorders: last.preorders.length },
  };
}

function incubatingIn({ loop, present, era }: Parameters<typeof commonOf>[0]): readonly Incubating[] {
  const shown: Incubating[] = [];
  for (const person of present) {
    for (const origin of originsOf(loop, person.id)) {
      const until = hatchesAt(origin);
      if (until === undefined || era >= until) continue;
      shown.push({ id: origin.id, owner: person.name, race: origin.race, energy: origin.energy });
      if (shown.length >= incubatingMax) return shown;
    }
  }
  return shown;
}
