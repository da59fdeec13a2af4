/** The hostile contracts, each with the budget that is given by default and with the largest there is. */
import { fileURLToPath } from "node:url";
import type { Call, Player } from "../../contracts/sdk/abi.ts";
import { compileAssembly } from "../../server/cli/build-assembly.ts";
import { bundleScript } from "../../server/cli/build-script.ts";
import { contractEngine } from "../../server/enclave/sandbox/engine.ts";
import { manifestLimits } from "../../server/protocol/manifest.ts";
import type { Attack } from "./hostile.ts";

export type Language = "TypeScript" | "AssemblyScript";

export interface HostileContract {
  readonly language: Language;
  readonly fuel: number;
  readonly bundle: Uint8Array;
  readonly name: string;
}

/** Fuel of one call if the manifest says nothing. */
const defaults = { TypeScript: 20_000_000, AssemblyScript: 5_000_000 } as const;

export const attacks: Readonly<Record<Language, readonly string[]>> = {
  TypeScript: [
    "a loop that ends just in time",
    "a loop without end",
    "memory that is never enough",
    "arrays made of arrays",
  ],
  AssemblyScript: [
    "a loop that ends just in time",
    "a loop without end",
    "memory that is never enough",
    "a list that is sorted again and again",
  ],
};

export async function hostileContracts(): Promise<readonly HostileContract[]> {
  const contracts: HostileContract[] = [];
  for (const language of ["TypeScript", "AssemblyScript"] as const) {
    for (const fuel of [defaults[language], manifestLimits.fuel]) {
      const name = `hostile-${language.toLowerCase()}-${fuel}`;
      contracts.push({ language, fuel, name, bundle: await build[language](name, fuel) });
    }
  }
  return contracts;
}

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const build: Readonly<Record<Language, (name: string, fuel: number) => Promise<Uint8Array>>> = {
  async TypeScript(name, fuel) {
    const { bundle } = await bundleScript(fileOf("hostile.ts"), () =>
      [
        `import { serve } from "phatroom/guest";`,
        `import { hostile } from "./hostile.ts";`,
        `serve({ default: hostile("${name}", ${fuel}) });`,
      ].join("\n"),
    );
    return bundle;
  },
  AssemblyScript: (name, fuel) =>
    compileAssembly(fileOf("assembly/hostile.ts"), () =>
      [
        `import { serve } from "phatroom/assembly";`,
        `import { Hostile } from "./hostile";`,
        `serve(new Hostile("${name}", ${fuel}));`,
        `export { roomCall as room_call } from "phatroom/assembly/runtime";`,
        `export { roomWindows as room_windows } from "phatroom/assembly/windows";`,
      ].join("\n"),
    ),
};

/** Of its budget, what the loop that ends by itself uses. */
const shareUsed = 0.95;

/** How often that loop may turn. */
export async function timesOf({ bundle, fuel }: HostileContract): Promise<number> {
  const contract = await (await contractEngine()).load(bundle);
  const player: Player = { id: "a".repeat(32), seat: 0 };
  const key = new Uint8Array(32);
  const spent = (times: number): number => {
    const room = contract.instantiate();
    const move: Attack = { attack: "a loop that ends just in time", times };
    const calls: Call[] = [
      { call: "open", tick: 0, key, options: {} },
      { call: "join", tick: 0, key, player },
      { call: "move", tick: 0, player, move: { ...move } },
      { call: "tick", tick: 1 },
    ];
    for (const call of calls) room.call(call);
    const { fuel: used } = room.usage;
    room.close();
    return used;
  };
  const [none, some] = [spent(0), spent(1000)];
  return Math.floor(((fuel * shareUsed - none) * 1000) / (some - none));
}
