/** However much a contract says at once, it is told in messages that can be sent, and no other room hears of it. */
import * as v from "valibot";
import { expect, onTestFinished, test } from "vitest";
import { accept, type Contract } from "#contract/index.ts";
import { inProcess } from "#testing/in-process.ts";
import { Vault } from "#enclave/vault/vault.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { openGate, world, type HandClient } from "./gate-harness.ts";
import { tally } from "./room/contracts.ts";

type Say = { readonly what: "send" | "numbers" | "award" | "travel" };

const elsewhere = "0123456789abcdef0123";

/** Each move makes it say nearly as much as one call may. */
const loud: Contract<Record<string, never>, Say, null> = {
  name: "loud",
  players: { min: 1, max: 16 },
  presence: "any",
  moves: v.strictObject({ what: v.picklist(["send", "numbers", "award", "travel"]) }) as unknown as Contract<
    never,
    Say,
    never
  >["moves"],
  open: () => ({}),
  apply(state, { what }, context) {
    if (what === "send") context.send("everyone", "a".repeat(900_000));
    else if (what === "numbers")
      context.send(
        "everyone",
        Array.from({ length: 60_000 }, () => 0),
      );
    else if (what === "award")
      context.award(context.player, "a".repeat(900_000), { once: `at ${context.random.unit()}` });
    else
      for (let i = 0; i < 256; i++)
        context.travel(context.player, { room: elsewhere, contract: "tally" }, "a".repeat(1000));
    return accept(state);
  },
  view: () => null,
};

const settle = async (vault: Vault): Promise<void> => {
  vault.flush();
  for (let turns = 0; turns < 6; turns++) await new Promise((resolve) => setImmediate(resolve));
};

const heard = ({ messages }: HandClient, of: "outcomes" | "sent" | "awards" | "tickets"): number => {
  let count = 0;
  for (const message of messages) if (message.type === "update") count += message[of]?.length ?? 0;
  return count;
};

test.for<readonly [Say["what"], "sent" | "awards" | "tickets", number]>([
  ["send", "sent", 12],
  ["numbers", "sent", 12],
  ["award", "awards", 12],
  ["travel", "tickets", 12 * 256],
])(
  "what a contract says by %s arrives in several messages, and a room beside it is kept as before",
  async ([what, of, count]) => {
    const key = new Uint8Array(32);
    const vault: Vault = new Vault({
      store: new MemoryStore(),
      world,
      lineages: [loud, tally].map((contract) => ({
        contract: inProcess(contract).hash,
        lineage: inProcess(contract).hash,
        key,
      })),
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      log: () => undefined,
    });
    onTestFinished(() => vault.close());
    const failures: unknown[] = [];
    const it = await openGate(loud, undefined, {
      contracts: [tally],
      vault: () => vault,
      failed: (_, error) => failures.push(error),
    });
    const shouting = it.client(1, it.room());
    const quiet = it.client(2, it.room("tally"));
    for (const client of [shouting, quiet]) {
      await client.join();
      it.pass(20);
      await settle(vault);
      client.show();
    }
    for (let n = 1; n <= 12; n++) shouting.say({ type: "move", n, move: { what } });
    for (let round = 0; round < 30; round++) {
      it.pass(20);
      await settle(vault);
    }
    expect([failures, it.bugs]).toEqual([[], []]);
    expect(heard(shouting, of)).toBe(count);
    expect(heard(shouting, "outcomes")).toBe(12);
    quiet.say({ type: "move", n: 1, move: { add: 1 } });
    for (let round = 0; round < 3; round++) {
      it.pass(20);
      await settle(vault);
      quiet.show();
    }
    expect(heard(quiet, "outcomes")).toBe(1);
  },
);

/** Bytes that the worker has said to all of these. */
const bytesTo = (clients: readonly HandClient[]): number =>
  clients
    .flatMap(({ envelopes }) => envelopes)
    .reduce((sum, envelope) => sum + (envelope.kind === "data" ? envelope.ciphertext.length : 0), 0);

test("what is long and for many leaves bit by bit, and waits while the way is full", async () => {
  const it = await openGate(loud);
  const room = it.room();
  const clients = Array.from({ length: 12 }, (_, i) => it.client(i + 1, room));
  for (const client of clients) await client.join();
  it.pass(20);
  clients[0]!.say({ type: "move", n: 1, move: { what: "send" } });
  it.full = true;
  const before = bytesTo(clients);
  for (let round = 0; round < 5; round++) it.pass(20);
  expect(heard(clients[0]!, "outcomes")).toBe(1);
  expect(clients.map((client) => heard(client, "sent"))).toEqual(clients.map(() => 0));
  expect(bytesTo(clients) - before).toBeLessThan(100_000);
  it.full = false;
  const counts: number[] = [];
  for (let round = 0; round < 5; round++) {
    const at = bytesTo(clients);
    it.pass(20);
    counts.push(bytesTo(clients) - at);
  }
  for (const client of clients) expect(heard(client, "sent")).toBe(1);
  expect(Math.max(...counts)).toBeLessThan(6_000_000);
});

test("of what waits for somebody only the newest is kept, however long the way is full", async () => {
  const it = await openGate(loud);
  const client = it.client(1, it.room());
  await client.join();
  it.pass(20);
  it.full = true;
  for (let n = 1; n <= 60; n++) {
    client.say({ type: "move", n, move: { what: n % 2 === 0 ? "send" : "award" } });
    it.pass(20);
  }
  expect(heard(client, "outcomes")).toBe(60);
  it.full = false;
  it.pass(2000);
  for (const words of ["sent", "awards"] as const) {
    expect(heard(client, words)).toBeGreaterThan(10);
    expect(heard(client, words)).toBeLessThan(20);
  }
});
