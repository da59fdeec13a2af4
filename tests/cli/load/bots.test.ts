/** What bots of a load do is what their contracts take. */
import { describe, expect, test } from "vitest";
import { layoutsOf } from "#contract/components.ts";
import type { Movers, Pushers } from "#cli/load/bots/bot.ts";
import { botsOf } from "#cli/load/bots/bots.ts";
import { pushLayout } from "#cli/load/bots/skirmish.ts";
import { decodeInputRow, encodeInputRow, inputFormatOf } from "#protocol/input-row.ts";
import type { Value } from "#protocol/value.ts";
import { dot4 } from "#dot4/dot4.ts";
import { Push } from "#skirmish/components.ts";
import { playRoom } from "#testing/play.ts";
import { randomOf } from "../../contracts/skirmish/arena.ts";

describe("Skirmish", () => {
  const bots = botsOf("skirmish", undefined) as Pushers;

  test("its bots push rows of the very table that the contract has", () => {
    expect(pushLayout).toEqual(layoutsOf({ Push })[0]);
  });

  test("they run everywhere, fire, hold fire, reload, and every row says what was meant", () => {
    const next = bots.begin(randomOf(7));
    const seen: (readonly number[])[] = [];
    for (let n = 1; n <= 600; n++) {
      const values = next();
      const row = decodeInputRow(bots.input, encodeInputRow(bots.input, { n, seen: 0, values }));
      for (const [i, value] of row.values.entries()) {
        const { name } = bots.input.fields[i]!;
        if (name !== "aim") expect(value).toBe(values[i]);
      }
      seen.push(row.values);
    }
    const [east, south, , trigger, reloads] = [0, 1, 2, 3, 4].map((i) => seen.map((row) => row[i]!));
    for (const stick of [east!, south!]) {
      expect(Math.min(...stick)).toBeLessThan(-50);
      expect(Math.max(...stick)).toBeGreaterThan(50);
    }
    expect(new Set(trigger)).toEqual(new Set([0, 1]));
    expect(new Set(reloads).size).toBeGreaterThan(2);
  });
});

test("bots of Dot4 hide their bombs and play a game to its end", () => {
  const { next } = botsOf("dot4", undefined) as Movers;
  const room = playRoom(dot4, { seed: "load" });
  const chance = randomOf(11);
  const players = [room.join("Ann"), room.join("Ben")];
  let [accepted, refused] = [0, 0];
  for (let turns = 0; turns < 2000 && players[0]!.view?.phase !== "ended"; turns++) {
    for (const [seat, player] of players.entries()) {
      const move = next(player.view as unknown as Value, seat, chance);
      if (move === undefined) continue;
      const reason = player.move(move as never);
      if (reason.accepted) accepted += 1;
      else refused += 1;
    }
  }
  expect(players[0]!.view?.phase).toBe("ended");
  expect(accepted).toBeGreaterThan(10);
  // On a line that is full they try another.
  expect(refused).toBeLessThan(accepted);
});

test("of other contracts rows are pushed if their manifest is given; without it there are pings", () => {
  expect(botsOf("chess", undefined)).toEqual({ does: "ping" });
  expect(botsOf("toString", undefined)).toEqual({ does: "ping" });
  const input = inputFormatOf({ tables: layoutsOf({ Push }), input: "Push" });
  expect(botsOf("skirmish", input)).toMatchObject({ does: "push", input });
});
