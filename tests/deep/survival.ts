/**
 * Stories of a room under everything that can happen to it, each drawn from a seed; see `tests/simulation`. Most are of
 * rules in plain Node, some of the same rules in the engine that workers run.
 */
import { fileURLToPath } from "node:url";
import { buildContract } from "#cli/build-contract.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { inProcess } from "#testing/in-process.ts";
import { keptSeeds } from "../simulation/kept-seeds.ts";
import { hall, pulse, table } from "../simulation/rules.ts";
import { survive, type StoryKind } from "../simulation/survive.ts";
import type { DeepCheck } from "./deep.ts";

/** One story of so many is told with the real engine, the first of them in the slice. */
const engineEvery = 40;

export const survival: DeepCheck = {
  name: "survival",
  unit: "seeded stories of workers, stores, gateways and players",
  full: 10_000,
  slice: 8,
  async run({ seed, count, progress }) {
    const rules = { table: inProcess(table), hall: inProcess(hall), pulse: inProcess(pulse) };
    const figures = { acknowledgements: 0, lies: 0, lost: 0, crashes: 0, awards: 0, inEngine: 0 };
    let engineTable: LoadedContract | undefined;
    const tell = async (of: number, kind: StoryKind, contract: LoadedContract): Promise<void> => {
      const { acknowledgements, events } = await survive({ seed: of, contract, ...kind });
      figures.acknowledgements += acknowledgements;
      figures.lies += events.get("lie") ?? 0;
      figures.lost += events.get("room-lost") ?? 0;
      figures.crashes += events.get("killed") ?? 0;
      figures.awards += events.get("award") ?? 0;
    };
    for (const kept of keptSeeds) await tell(kept.seed, kept, rules[kept.rules]);
    for (let i = 0; i < count; i++) {
      const kind = kindOf(seed + i);
      const inEngine = i % engineEvery === 5;
      if (inEngine) {
        engineTable ??= await loadTable();
        figures.inEngine += 1;
      }
      await tell(seed + i, kind, inEngine ? engineTable! : rules[kind.rules]);
      progress?.(i + 1);
    }
    return { count, figures };
  },
};

const names = ["table", "hall", "pulse"] as const;

const kindOf = (seed: number): StoryKind => ({
  rules: names[seed % names.length]!,
  hostile: seed % 4 === 3,
  split: seed % 2 === 1,
});

async function loadTable(): Promise<LoadedContract> {
  const { bundle } = await buildContract(fileURLToPath(new URL("../simulation/engine-table.ts", import.meta.url)));
  return (await contractEngine()).load(bundle);
}
