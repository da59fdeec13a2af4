import { expect, test } from "vitest";
import { cellAt, indexOf, otherSeat, type Seat } from "../../../contracts/dot4/board.ts";
import { dot4, type Move } from "../../../contracts/dot4/dot4.ts";
import { playRoom, type PlayedClient, type PlayedRoom } from "#testing/play.ts";
import type { State, View } from "../../../contracts/dot4/dot4.ts";
import { Game, outOfTheWay, players, type Bombs } from "./game.ts";

const bombs: Bombs = [
  [2, 2],
  [4, 4],
  [6, 6],
];
const place: Move = { kind: "place", bombs };
const top: Move = { kind: "drop", side: "top", line: 0 };
const resign: Move = { kind: "resign" };

/** A board full of stones with no four in a row anywhere. */
const fullBoard = Array.from({ length: 100 }, (_, index): Seat | null => {
  const [x, y] = cellAt(index);
  return (Math.floor(x / 2) + y) % 2 === 0 ? 0 : 1;
});

const played = Game.playing([bombs, bombs]);
played.mustMove(0, { kind: "drop", side: "top", line: 0 });
played.mustMove(1, { kind: "drop", side: "right", line: 5 });

const blocked = Game.playing([bombs, outOfTheWay]);
blocked.state.board = blocked.state.board.with(indexOf([0, 0]), 1);

const over = Game.playing([bombs, bombs]);
over.mustMove(0, resign);

const placedOnce = new Game();
placedOnce.mustMove(0, place);

test.for<[string, Game, Seat, Move, string]>([
  ["hiding bombs alone", new Game({ seated: 1 }), 0, place, "Wait for your opponent."],
  ["dropping alone", new Game({ seated: 1 }), 0, top, "Wait for your opponent."],
  ["resigning alone", new Game({ seated: 1 }), 0, resign, "Wait for your opponent."],
  ["dropping before bombs are hidden", new Game(), 0, top, "First both players hide their bombs."],
  ["dropping while the opponent still hides", placedOnce, 0, top, "First both players hide their bombs."],
  ["hiding bombs twice", placedOnce, 0, place, "Your bombs are hidden already."],
  ["hiding bombs during play", played, 0, place, "The time to hide bombs is over."],
  ["dropping out of turn", played, 1, top, "It is your opponent's turn."],
  ["dropping where a stone blocks", blocked, 0, top, "A stone blocks this line at its first cell."],
  [
    "dropping where the same stone blocks from its side",
    blocked,
    0,
    { kind: "drop", side: "left", line: 0 },
    "A stone blocks this line at its first cell.",
  ],
  ["hiding bombs after the end", over, 1, place, "The game is over."],
  ["dropping after the end", over, 1, top, "The game is over."],
  ["resigning after the end", over, 1, resign, "The game is over."],
])("%s is refused", ([, game, seat, move, reason]) => {
  const before = structuredClone(game.state);
  expect(game.move(seat, move)).toBe(reason);
  expect(game.state).toEqual(before);
  expect(game.effects).toEqual([]);
});

test.for<[string, unknown]>([
  ["nothing", null],
  ["text", "drop"],
  ["an unknown kind", { kind: "pass" }],
  ["a side that is none", { kind: "drop", side: "middle", line: 0 }],
  ["a line outside", { kind: "drop", side: "top", line: 10 }],
  ["a negative line", { kind: "drop", side: "top", line: -1 }],
  ["half a line", { kind: "drop", side: "top", line: 0.5 }],
  ["a line as text", { kind: "drop", side: "top", line: "0" }],
  ["a field too many", { kind: "drop", side: "top", line: 0, force: true }],
  [
    "two bombs",
    {
      kind: "place",
      bombs: [
        [0, 0],
        [1, 1],
      ],
    },
  ],
  [
    "four bombs",
    {
      kind: "place",
      bombs: [
        [0, 0],
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    },
  ],
  [
    "a cell twice",
    {
      kind: "place",
      bombs: [
        [0, 0],
        [1, 1],
        [0, 0],
      ],
    },
  ],
  [
    "a cell outside",
    {
      kind: "place",
      bombs: [
        [0, 0],
        [1, 1],
        [10, 0],
      ],
    },
  ],
  [
    "a cell of three numbers",
    {
      kind: "place",
      bombs: [
        [0, 0],
        [1, 1],
        [2, 2, 2],
      ],
    },
  ],
])("%s is no move", ([, move]) => {
  const game = new Game();
  expect(game.move(0, move as Move)).toBeTypeOf("string");
  expect(game.state.bombs[0]).toBeNull();
});

test("who begins is drawn, known at once and not always the same", () => {
  const first = Array.from({ length: 20 }, (_, i) => new Game({ seed: String(i) }).view("spectator").turn);
  expect(new Set(first)).toEqual(new Set([0, 1]));
});

test("the last bomb hidden starts the game", () => {
  const game = new Game();
  const begins = game.state.turn!;
  game.mustMove(1, place);
  expect(game.view("spectator")).toMatchObject({ phase: "placing", ready: [false, true], turn: begins });
  game.mustMove(0, place);
  expect(game.view("spectator")).toMatchObject({ phase: "playing", ready: [true, true], turn: begins });
});

test("a fourth stone in a row wins, and the row is shown", () => {
  const game = Game.playing([outOfTheWay, outOfTheWay]);
  for (let line = 0; line < 3; line++) {
    game.mustMove(0, { kind: "drop", side: "top", line });
    game.mustMove(1, { kind: "drop", side: "right", line });
  }
  game.mustMove(0, { kind: "drop", side: "top", line: 3 });
  expect(game.result).toEqual({ how: "four", winner: 0 });
  expect(game.view("spectator")).toMatchObject({
    phase: "ended",
    turn: null,
    deadline: null,
    winningLine: [
      [0, 9],
      [1, 9],
      [2, 9],
      [3, 9],
    ],
    revealed: [expect.any(Array), expect.any(Array)],
  });
  expect(game.effects).toContainEqual({ effect: "end", result: { how: "four", winner: 0 } });
  const cup = { collection: "DOT4", symbol: "cup" };
  expect(game.effects).toContainEqual({ effect: "award", player: players[0]!.id, item: cup, once: "winner" });
});

test("a full rim is a draw", () => {
  const game = Game.playing([outOfTheWay, outOfTheWay]);
  // The hole inside holds two bombs, and nobody can reach it.
  game.state.bombs = [[[5, 5]], [[5, 5]]];
  game.state.board = fullBoard.with(indexOf([5, 5]), null).with(indexOf([4, 0]), null);
  game.state.turn = fullBoard[indexOf([4, 0])]!;
  game.mustMove(game.state.turn, { kind: "drop", side: "top", line: 4 });
  expect(game.result).toEqual({ how: "full", winner: null });
  expect(game.view(0).revealed).toEqual([[[5, 5]], [[5, 5]]]);
});

test.for<[Seat, string]>([
  [0, "placing"],
  [1, "placing"],
  [0, "playing"],
  [1, "playing"],
])("resigning of seat %i while %s gives the game to the other", ([seat, phase]) => {
  const game = phase === "placing" ? new Game() : Game.playing([bombs, bombs]);
  game.mustMove(seat, resign);
  expect(game.result).toEqual({ how: "resigned", winner: otherSeat(seat) });
  expect(game.effects.map(({ effect }) => effect)).not.toContain("award");
  expect(game.view("spectator").revealed).not.toBeNull();
});

test("leaving loses and reveals nothing", () => {
  const game = Game.playing([bombs, outOfTheWay]);
  game.call({ call: "leave", tick: 1, player: players[0] });
  expect(game.result).toEqual({ how: "left", winner: 1 });
  expect(game.view(1)).toMatchObject({
    revealed: null,
    bombs: [
      [9, 8],
      [8, 9],
      [9, 9],
    ],
  });
});

test("bombs are shown in reading order, however they were hidden", () => {
  const game = Game.playing([
    [
      [6, 6],
      [2, 2],
      [4, 4],
    ],
    bombs,
  ]);
  expect(game.view(0).bombs).toEqual([
    [2, 2],
    [4, 4],
    [6, 6],
  ]);
});

// In a room, with time.

function room(options?: { readonly clock: string }): {
  readonly room: PlayedRoom<State, Move, View>;
  readonly clients: readonly [PlayedClient<Move, View>, PlayedClient<Move, View>];
} {
  const opened = playRoom(dot4, options === undefined ? {} : { options });
  return { room: opened, clients: [opened.join("Ann"), opened.join("Ben")] };
}

test("whoever has hidden no bombs after a minute gets three at random", () => {
  const { room: game, clients } = room();
  clients[0].move(place);
  game.advance(59);
  expect(clients[1].view).toMatchObject({ phase: "placing", bombs: [] });
  game.advance(1.1);
  expect(clients[0].view).toMatchObject({ phase: "playing", bombs });
  expect(clients[1].view.bombs).toHaveLength(3);
  expect(new Set(clients[1].view.bombs.map(indexOf)).size).toBe(3);
});

test.for([
  ["30", 30],
  ["10", 10],
] as const)("with a clock of %s s, whoever lets it run out has lost", ([clock, seconds]) => {
  const { room: game, clients } = room({ clock });
  for (const client of clients) client.move(place);
  const turn = clients[0].view.turn!;
  expect(clients[0].view.deadline! - game.tick).toBe(seconds * 50);
  game.advance(seconds - 1);
  expect(clients[0].view.phase).toBe("playing");
  game.advance(1.1);
  expect(clients[0].view.result).toEqual({ how: "time", winner: otherSeat(turn) });
  expect(clients[0].view.revealed).toEqual([bombs, bombs]);
});

test("every drop starts the clock anew", () => {
  const { room: game, clients } = room();
  for (const client of clients) client.move(place);
  for (let line = 0; line < 4; line++) {
    game.advance(25);
    expect(clients[clients[0].view.turn!]!.move({ kind: "drop", side: "top", line: line * 2 + 1 })).toEqual({
      accepted: true,
    });
  }
  expect(clients[0].view).toMatchObject({ phase: "playing", drops: 4 });
});

test("the clock stands still while somebody is absent", () => {
  const { room: game, clients } = room();
  for (const client of clients) client.move(place);
  game.advance(20);
  clients[1].drop();
  game.advance(100);
  clients[1].join();
  expect(clients[1].view.phase).toBe("playing");
  game.advance(9);
  expect(clients[1].view.phase).toBe("playing");
  game.advance(1.2);
  expect(clients[1].view.result?.how).toBe("time");
});

test("who comes back sees the same game, own bombs included", () => {
  const { clients } = room();
  for (const client of clients) client.move(place);
  const before = clients[1].view;
  clients[1].drop();
  clients[1].join();
  expect(clients[1].view).toEqual(before);
});

test("an abandoned game goes to the one who stayed, and shows nobody's bombs", () => {
  const { room: game, clients } = room();
  const spectator = game.watch();
  for (const client of clients) client.move(place);
  const { view } = clients[0];
  clients[1].drop();
  game.advance(200);
  for (const client of [clients[0], spectator]) {
    expect(client.status?.ended).toEqual({ how: "abandoned", result: { how: "abandoned", winner: 0 } });
    expect(client.view.revealed).toBeNull();
  }
  expect(clients[0].view).toEqual(view);
  expect(dot4.view(game.state, { kind: "spectator" })).toMatchObject({
    revealed: null,
    bombs: [],
    result: { how: "abandoned" },
  });
});

test("a seat given up before the second player came is free again", () => {
  const opened = playRoom(dot4);
  opened.join("Ann").leave();
  const ben = opened.join("Ben");
  expect([ben.seat, ben.view.phase, opened.phase]).toEqual([0, "waiting", "open"]);
  opened.join("Cem");
  expect(ben.view.phase).toBe("placing");
});
