import assert from "node:assert/strict";
import { test } from "node:test";
import { playRoom, secrecyTest } from "phatroom/contract/testing";
import { game } from "./contract.ts";

test("the higher bid takes the treasure", () => {
  const room = playRoom(game);
  const [ann, ben] = [room.join("Ann"), room.join("Ben")];
  ann.move({ bid: 3 });
  assert.deepEqual(ben.view.ready, [true, false]);
  ben.move({ bid: 2 });
  assert.deepEqual(ben.view.won, [1, 0]);
  assert.deepEqual(ann.move({ bid: 9 }), { accepted: false, reason: "You do not have that many coins." });
});

test("nobody learns a bid before both are in", () => {
  const report = secrecyTest(game, {
    knows: ({ bids, last }, viewer) => [last, viewer.kind === "player" ? bids[viewer.seat as 0 | 1] : null],
    move: ({ view, seat, random }) =>
      view.over || view.bid !== null ? null : { bid: random.below(view.coins[seat as 0 | 1] + 1) },
    vary: ({ view, seat, random }) => ({ bid: random.below(view.coins[seat as 0 | 1] + 1) }),
    steps: 3000,
  });
  assert.ok(report.framesCompared.players > 0);
});
