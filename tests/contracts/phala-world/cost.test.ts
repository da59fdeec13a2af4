/** What two hundred people cost the hub's rules, in fuel: the same on every machine. A million is about half a millisecond. */
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { buildContract } from "#cli/build-contract.ts";
import type { Answer, Call, Player } from "#contract/abi.ts";
import type { Value } from "#contract/index.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import type { Move } from "../../../contracts/phala-world/phala-world.ts";

const entry = fileURLToPath(new URL("../../../contracts/phala-world/phala-world.ts", import.meta.url));
const players: readonly Player[] = Array.from({ length: 200 }, (_, seat) => ({
  id: seat.toString(16).padStart(32, "0"),
  seat,
}));
const key = new Uint8Array(32).fill(7);

/** With the fourth era everybody can buy an Origin of Shell. */
const begins = 3 * 1200;

let contract: LoadedContract;
let room: Instance;
let tick = begins;

const ask = (call: Call): Answer => room.call(call);
const move = (player: Player, wanted: Move): number => {
  expect(ask({ call: "move", tick, player, move: wanted as Value })).toMatchObject({ reason: null });
  return room.usage.fuel;
};
const mean = (spent: readonly number[]): number => spent.reduce((sum, fuel) => sum + fuel, 0) / spent.length;

/** Everybody pushes somewhere: [seat] [seen] [x, z, run], the first two counted from -128. */
function pushes(turn: number): Uint8Array {
  const rows = players.flatMap(({ seat }) => {
    const [x, z] = [28 + ((seat + turn) % 3) * 100, 28 + ((seat + 2 * turn) % 2) * 200];
    return [seat & 0xff, seat >> 8, 0, 0, 0, 0, x, z, (seat + turn) & 1];
  });
  return new Uint8Array([0, 0, ...rows]);
}

/** Fuel of a tick, while everybody walks another way every second. */
function walking(ticks: number): number {
  const spent: number[] = [];
  for (let i = 0; i < ticks; i++) {
    ask({ call: "tick", tick: ++tick, ...(i % 20 === 0 ? { rows: pushes(i / 20) } : {}) });
    spent.push(room.usage.fuel);
  }
  return mean(spent);
}

beforeAll(async () => {
  const { bundle } = await buildContract(entry);
  contract = await (await contractEngine()).load(bundle);
  room = contract.instantiate();
  ask({ call: "open", tick: 0, key, options: { clock: "minutes" } });
  ask({ call: "tick", tick });
  for (const player of players) {
    ask({ call: "join", tick, key, player });
    move(player, { do: "enter", name: `P${player.seat}`, race: "cyborg", coat: 1, light: 1 });
    move(player, { do: "claim-spirit" });
    move(player, { do: "buy-origin", rarity: "prime", race: "xgene", career: "monk" });
  }
  for (const player of players) {
    const { views } = ask({ call: "view", tick, viewers: [{ kind: "player", ...player }] }) as Extract<
      Answer,
      { answer: "views" }
    >;
    const { mine } = views[0] as unknown as { mine: { origins: readonly { id: number }[] } };
    move(player, { do: "incubate", origin: mine.origins[0]!.id });
  }
});

test("a tick at which two hundred walk costs a twentieth of its budget", () => {
  expect(walking(40)).toBeLessThan(contract.manifest.fuel / 20);
});

test("and hardly more than a tenth where all of them keep space around them", () => {
  for (const player of players) move(player, { do: "space", keep: true });
  expect(walking(40)).toBeLessThan(contract.manifest.fuel / 8);
  for (const player of players) move(player, { do: "space", keep: false });
});

test("a view costs the same, however many others own something", () => {
  const spent = players.map((player) => {
    ask({ call: "view", tick, viewers: [{ kind: "player", ...player }] });
    return room.usage.fuel;
  });
  expect(mean(spent)).toBeLessThan(2_500_000);
});

test("a word to a hundred listeners costs less than a fifth of a call's budget", () => {
  expect(mean(players.slice(0, 20).map((player) => move(player, { do: "say", text: "warm today" })))).toBeLessThan(
    contract.manifest.fuel / 5,
  );
});

test("rules that follow take over two hundred and their Shells within a call's budget", () => {
  ask({ call: "tick", tick: (tick += 8 * 1200) });
  for (const player of players) {
    const { views } = ask({ call: "view", tick, viewers: [{ kind: "player", ...player }] }) as Extract<
      Answer,
      { answer: "views" }
    >;
    const { mine } = views[0] as unknown as { mine: { origins: readonly { id: number }[] } };
    move(player, { do: "hatch", origin: mine.origins[0]!.id });
  }
  const { state } = ask({ call: "state", tick }) as Extract<Answer, { answer: "state" }>;
  expect(room.usage.fuel).toBeLessThan(contract.manifest.fuel / 2);
  const next = contract.instantiate();
  next.call({ call: "migrate", tick, key, options: { clock: "minutes" }, players, state });
  expect(next.usage.fuel).toBeLessThan(contract.manifest.fuel * 0.8);
});
