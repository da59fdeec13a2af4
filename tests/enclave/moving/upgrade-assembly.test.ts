/** Rules in AssemblyScript take over from others, whichever language those were written in, and are followed by others. */
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import * as v from "valibot";
import { accept, type Contract } from "#contract/index.ts";
import { equalBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { encodeUpgrade, signUpgrade } from "#protocol/upgrade.ts";
import type { Value } from "#protocol/value.ts";
import { reopen } from "#enclave/moving/reopening.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { Lineage } from "#enclave/vault/lineages.ts";
import { inProcess } from "#testing/in-process.ts";
import { bundleOf } from "../../support/bundles.ts";
import { Disk } from "../../support/memory-store.ts";
import { fill } from "../vault/vault-cases.ts";
import { TestWorker, type TestRules } from "./workers.ts";

const secret = fill(31);
const noticeMs = 1000;

let counting: LoadedContract;
let countingOn: LoadedContract;

beforeAll(async () => {
  const engine = await contractEngine();
  const load = async (name: string): Promise<LoadedContract> =>
    engine.load(
      await bundleOf(fileURLToPath(new URL(`../../contracts/fixtures/assembly/${name}.ts`, import.meta.url))),
    );
  [counting, countingOn] = [await load("counting"), await load("counting-on")];
}, 120_000);

/** The rules of `counting.ts` in TypeScript, where a state that is a tree needs no `save`. */
const inTypeScript: Contract<{ sum: number; seats: number[] }, { add: number }, { sum: number }> = {
  name: "counting",
  players: { min: 2, max: 2 },
  fuel: 1_000_003,
  moves: v.strictObject({ add: v.number() }),
  open: () => ({ sum: 0, seats: [] }),
  apply(state, { add }, { player }) {
    state.sum += add;
    state.seats.push(player.seat);
    return accept(state);
  },
  view: ({ sum }) => ({ sum }),
};

interface Game {
  readonly disk: Disk;
  readonly rules: TestRules;
  readonly worker: TestWorker;
  readonly room: RoomId;
}

/** A room of `first` in which 3 and 4 were added, and which was upgraded to `next`. */
async function upgraded(first: LoadedContract, next: LoadedContract): Promise<Game> {
  const terms = { upgradeKeys: [signUpgrade(statementOf(first, next), secret).key], threshold: 1, noticeMs };
  const lineage: Lineage = { contract: first.hash, lineage: fill(2), key: fill(3), terms };
  const own: Lineage = { contract: next.hash, lineage: fill(40), key: fill(50) };
  const rules: TestRules = { contracts: [first], earlier: [next], lineages: [lineage, own] };
  const disk = new Disk();
  const worker = new TestWorker(disk, 1, rules);
  const room = await worker.game();
  await worker.move(room, 1, { add: 3 });
  await worker.move(room, 2, { add: 4 });
  const statement = statementOf(first, next);
  const upgrade = encodeUpgrade({ ...statement, signatures: [signUpgrade(statement, secret)] });
  await worker.moving.answer({ ask: "upgrade", room, upgrade });
  await worker.step(room, noticeMs);
  await worker.step(room, noticeMs);
  await worker.moving.renew(worker.rooms.find(room)!);
  worker.vault.flush();
  await worker.enter(room);
  return { disk, rules, worker, room };
}

const statementOf = (first: LoadedContract, next: LoadedContract) => ({
  lineage: fill(2),
  from: first.hash,
  to: next.hash,
  number: 1,
  noticeMs,
});

/** What the first player sees in the end, as whoever has the room's keys reads it. */
async function shown({ disk, rules, room }: Game): Promise<Value | undefined> {
  const kept = (await new TestWorker(disk, 9, rules).vault.read(room))!;
  const all = [...rules.contracts, ...rules.earlier!];
  const { course } = reopen(kept, {
    contract: (hash) => all.find((each) => equalBytes(each.hash, hash)),
    fault: () => undefined,
  });
  course.step({ tick: course.tick, inputs: [] });
  return course.views.of(0)?.value;
}

test.for([
  ["AssemblyScript", () => counting],
  ["TypeScript", () => inProcess(inTypeScript)],
] as const)("a room whose rules were in %s goes on by rules in AssemblyScript with what it had", async ([, first]) => {
  const game = await upgraded(first(), countingOn);
  expect(game.worker.faults).toEqual([]);
  expect(game.worker.rooms.find(game.room)!.contract).toBe(countingOn);
  await game.worker.move(game.room, 3, { add: 5 });
  await game.worker.step(game.room, 2000);
  expect(await shown(game)).toEqual({ sum: 1200, story: "00 a b after" });
});

test.for<[string, () => [LoadedContract, LoadedContract], string]>([
  ["save are followed by nobody", () => [countingOn, counting], "these rules have no save"],
  ["migrate follow nobody", () => [inProcess(inTypeScript), counting], "these rules have no migrate"],
])("rules in AssemblyScript without %s, and the room stays as it is", async ([, pair, why]) => {
  const [first, next] = pair();
  const game = await upgraded(first, next);
  expect(game.worker.faults.join()).toContain(why);
  expect(game.worker.rooms.find(game.room)!.contract).toBe(first);
});
