/** Contracts that do next to nothing, and how their runtime is asked. */
import type { Answer, Player } from "#contract/abi.ts";
import type { AnyContract } from "#contract/contract.ts";
import { accept } from "#contract/index.ts";
import { ContractRuntime } from "#contract/runtime.ts";
import type { Value } from "#protocol/value.ts";

export const key = new Uint8Array(32).fill(7);
export const ann: Player = { id: "a".repeat(32), seat: 0 };
export const ben: Player = { id: "b".repeat(32), seat: 1 };

export const anything = {
  "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
} as const;

export const tiny: AnyContract = {
  name: "tiny",
  players: { min: 1, max: 2 },
  moves: anything,
  open: () => ({ count: 0 }),
  apply: (state) => accept(state),
  view: (state) => state,
};

export function opened(contract: AnyContract, players: readonly Player[] = [ann, ben]): ContractRuntime {
  const runtime = new ContractRuntime(contract);
  runtime.answer({ call: "open", tick: 0, key, options: { deck: "short" } });
  for (const player of players) runtime.answer({ call: "join", tick: 1, key: key.map((b) => b + player.seat), player });
  return runtime;
}

export const move = (runtime: ContractRuntime, player: Player, value: Value, tick = 2): Answer =>
  runtime.answer({ call: "move", tick, player, move: value });

export const views = (runtime: ContractRuntime, viewers: (Player | null)[]): readonly Value[] => {
  const answer = runtime.answer({
    call: "view",
    tick: 3,
    viewers: viewers.map((viewer) => (viewer === null ? { kind: "spectator" } : { kind: "player", ...viewer })),
  });
  if (answer.answer !== "views") throw new Error(answer.answer);
  return answer.views;
};

/** What `apply` does, in a contract that does nothing else. */
export const rule = (apply: AnyContract["apply"]): AnyContract => ({ ...tiny, apply });
