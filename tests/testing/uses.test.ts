/** Items that a contract uses up, in an author's tests: nobody does, and secrets in it are found. */
import * as v from "valibot";
import { expect, test, vi } from "vitest";
import { accept, type Context, type Contract, type Player } from "#contract/index.ts";
import { playRoom } from "#testing/play.ts";
import { secrecyTest } from "#testing/secrecy.ts";
import type { SecrecyError } from "#testing/secrecy-error.ts";

vi.setConfig({ testTimeout: 120_000 });

interface State {
  secrets: number[];
  heard: (readonly [string, string | null])[];
}

type Drinker = Contract<State, { readonly keep: number }, unknown>;

const drinker = (drink: (context: Context, player: Player, secret: number) => void): Drinker => ({
  name: "drinker",
  players: { min: 2, max: 2 },
  moves: v.strictObject({ keep: v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(99)) }),
  open: () => ({ secrets: [], heard: [] }),
  apply(state, { keep }, context) {
    state.secrets[context.player.seat] = keep;
    drink(context, context.player, keep);
    return accept(state);
  },
  consumed: (state, { item, refused }) => void state.heard.push([item, refused]),
  view: ({ secrets, heard }, viewer) => ({
    mine: viewer.kind === "player" ? (secrets[viewer.seat] ?? null) : null,
    heard,
  }),
});

test("what is to be used up waits for the author's word, and there is none for anything else", () => {
  const room = playRoom(
    drinker((context, player) => {
      context.consume(player, "potion");
      context.consume(player, "cup");
    }),
  );
  const [ann] = [room.join(), room.join()];
  ann.move({ keep: 10 });
  expect(room.uses.map(({ player, item }) => [player, item])).toEqual([
    [ann.id, "potion"],
    [ann.id, "cup"],
  ]);
  expect(() => room.use("sword")).toThrow("the contract does not use up sword");
  room.use("potion");
  room.use("cup", "item-listed");
  expect(room.uses).toEqual([]);
  expect(ann.view).toMatchObject({
    heard: [
      ["potion", null],
      ["cup", "item-listed"],
    ],
  });
});

test.for(["", "x".repeat(513), 7 as unknown as string])("an item is named by its id, and not by %j", (item) => {
  const room = playRoom(drinker((context, player) => context.consume(player, item)));
  const [ann] = [room.join(), room.join()];
  expect(() => ann.move({ keep: 10 })).toThrow("an item is named by its id");
});

test("an item that is used up because of a secret is a leak: the chain tells everybody", () => {
  const run = (drink: Parameters<typeof drinker>[0]): string => {
    try {
      secrecyTest(drinker(drink), {
        knows: ({ secrets }, viewer) => (viewer.kind === "player" ? (secrets[viewer.seat] ?? null) : null),
        move: ({ random }) => ({ keep: 10 + random.below(90) }),
        vary: ({ random }) => ({ keep: 10 + random.below(90) }),
        steps: 200,
        // Nobody uses anything up, so that a room waits for a few at most.
        stepsPerGame: 20,
      });
      return "passed";
    } catch (error) {
      const { code, leak } = error as SecrecyError;
      return `${code} to ${leak?.to}`;
    }
  };
  expect(run((context, player, secret) => context.consume(player, `item ${secret}`))).toBe("leak to everybody");
  expect(run((context, player) => context.consume(player, "item"))).toBe("passed");
});
