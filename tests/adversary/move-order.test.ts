/**
 * Moves that somebody else might make at another time: again, too many, out of turn, while watching, after the end. From
 * a player whose channel is genuine; the room and the other player go on.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { movesPendingMax } from "#protocol/limits.ts";
import { messageTypes } from "#protocol/message.ts";
import { moveBody } from "./crafted.ts";
import { until } from "./play-out.ts";
import { openStage, type Stage } from "./stage.ts";
import { expectSentence, place, Table } from "./table.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage.close());

test("a move sent again is answered as before, and what stands in its place is not looked at", async () => {
  const table = await Table.open(stage);
  const mallory = await table.seat();
  mallory.say({ type: "move", n: 1, move: { kind: "castle" } });
  const first = await mallory.outcome(1);
  mallory.say({ type: "move", n: 1, move: { kind: "resign" } });
  await mallory.until(() => (mallory.answersTo(1).length > 1 ? true : undefined));
  expect(mallory.answersTo(1)).toEqual([
    [1, first],
    [1, first],
  ]);
  await table.expectPlay(mallory, 2);
});

test("a move sent twice at once is applied once and answered", async () => {
  const table = await Table.open(stage);
  const mallory = await table.seat();
  for (let i = 0; i < 5; i++) mallory.say({ type: "move", n: 1, move: place });
  expect(await mallory.outcome(1)).toBeNull();
  mallory.say({ type: "move", n: 2, move: place });
  expectSentence(await mallory.outcome(2));
  expect(await table.grace.move(place)).toEqual({ accepted: true });
  expect(table.troubles).toEqual([]);
});

test("more moves at once than may wait end their sender's connection: too-many-moves", async () => {
  const table = await Table.open(stage);
  const mallory = await table.seat();
  for (let n = 1; n <= 4 * movesPendingMax; n++) mallory.say({ type: "move", n, move: { kind: "castle" } });
  expect(await mallory.ended()).toBe("too-many-moves");
  await table.expectUndisturbed(mallory.account);
});

test("moves while the other is absent wait, and too many of them end their sender's connection", async () => {
  const table = await Table.open(stage);
  const mallory = await table.seat();
  const second = await table.connect();
  await second.enter({ want: "watch" });
  table.grace.close();
  await mallory.until(() => mallory.heard.find((said) => said.type === "update" && said.status?.phase === "paused"));
  for (let n = 1; n <= movesPendingMax + 1; n++) mallory.say({ type: "move", n, move: place });
  expect(await mallory.ended()).toBe("too-many-moves");
  expect(mallory.answersTo(1)).toEqual([]);
  second.say({ type: "ping", at: 1 });
  await second.until(() => second.heard.find(({ type }) => type === "pong"));
});

test("a drop out of turn is refused, and the one whose turn it is may still drop", async () => {
  const table = await Table.open(stage);
  const mallory = await table.seat();
  mallory.say({ type: "move", n: 1, move: place });
  await table.grace.move(place);
  await until(table.grace, ({ view }) => view?.phase === "playing");
  let n = 2;
  if (table.grace.view!.turn !== table.grace.seat) {
    mallory.say({ type: "move", n, move: { kind: "drop", side: "left", line: 9 } });
    expect(await mallory.outcome(n)).toBeNull();
    n += 1;
  }
  mallory.say({ type: "move", n, move: { kind: "drop", side: "right", line: 9 } });
  expectSentence(await mallory.outcome(n));
  expect(await table.grace.move({ kind: "drop", side: "left", line: 5 })).toEqual({ accepted: true });
  expect(table.troubles).toEqual([]);
});

test("a move of somebody who waits for an opponent is refused", async () => {
  const { grace } = await Table.open(stage);
  expect(await grace.move(place)).toMatchObject({ accepted: false });
});

const watching: readonly (readonly [what: string, move: unknown])[] = [
  ["a legal move", place],
  ["a resignation", { kind: "resign" }],
  ["nonsense", 7],
];

test.for(watching)("%s of a spectator is refused with a sentence, and changes nothing", async ([, move]) => {
  const table = await Table.open(stage);
  const mallory = await table.seat();
  const watcher = await table.connect();
  expect(await watcher.enter({ want: "watch" })).toMatchObject({ seat: null });
  watcher.sayBody(messageTypes.move, moveBody(1, move));
  expectSentence(await watcher.outcome(1));
  await table.expectPlay(mallory, 1);
});

test("moves after the end are refused with a sentence, of players and of spectators", async () => {
  const table = await Table.open(stage);
  const mallory = await table.seat();
  const watcher = await table.connect();
  await watcher.enter({ want: "watch" });
  await table.grace.move({ kind: "resign" });
  for (const late of [mallory, watcher]) {
    late.say({ type: "move", n: 1, move: place });
    expectSentence(await late.outcome(1));
  }
  expect(table.grace.status.ended).toMatchObject({ how: "finished" });
  expect(table.troubles).toEqual([]);
});

test("none of it was taken for a mistake of ours, or of the rules", () => {
  expect(stage.logged.length).toBeGreaterThan(0);
  expect(stage.logged.filter((line) => /"event":"(bug|contract-faulted)"/.test(line))).toEqual([]);
});
