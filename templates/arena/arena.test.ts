import assert from "node:assert/strict";
import { test } from "node:test";
import { loadContract, playCompiled, type PlayedRoom } from "phatroom/contract/testing";
import { buildContract } from "phatroom/server";
import { field, type Move, type View } from "./arena.ts";

const { bundle } = await buildContract("assembly/arena.ts");
const arena = await loadContract(bundle);
const open = (): PlayedRoom<never, Move, View> => playCompiled<Move, View>(arena);

test("everybody runs where they want, as far as the field goes", () => {
  const room = open();
  const [ann, ben] = [room.join("Ann"), room.join("Ben")];
  assert.deepEqual(ann.move({ run: "right" }), { accepted: true });
  assert.deepEqual(ann.move({ run: "right" }), { accepted: false, reason: "You are doing that already." });
  ben.move({ run: "down" });
  room.advance(6);
  assert.equal(ann.view.runners[0]!.x, field.width);
  assert.equal(ann.view.runners[1]!.y, field.height);
  assert.deepEqual(ben.view, ann.view);
});

test("whoever is caught is it", () => {
  const room = open();
  const clients = [room.join("Ann"), room.join("Ben")];
  assert.equal(clients[0]!.view.it, 0);
  // Into the same corner.
  for (const run of ["right", "up"] as const) {
    for (const client of clients) client.move({ run });
    room.advance(6);
  }
  assert.deepEqual(clients[1]!.sent[0], { caught: 1 });
});

test("what is no direction is refused", () => {
  const room = open();
  const ann = room.join("Ann");
  room.join("Ben");
  const reason = 'run: Invalid type: Expected ("stay" | "up" | "right" | "down" | "left") but received "away"';
  assert.deepEqual(ann.move({ run: "away" }), { accepted: false, reason });
});
