/** Dot4 with one leak each. The rules stay, and a player who only plays would notice nothing. */
import { refuse, type Contract, type Viewer } from "#contract/contract.ts";
import { indexOf, lane, sameCell } from "../../../contracts/dot4/board.ts";
import { dot4, type Cell, type Move, type State, type View } from "../../../contracts/dot4/dot4.ts";

type Dot4 = Contract<State, Move, View>;

const seeing = (more: (state: State, viewer: Viewer) => object): Dot4 => ({
  ...dot4,
  view: (state, viewer) => ({ ...dot4.view(state, viewer), ...more(state, viewer) }),
});

const doing = (also: (...args: Parameters<Dot4["apply"]>) => void): Dot4 => ({
  ...dot4,
  apply(state, move, context) {
    const outcome = dot4.apply(state, move, context);
    if (outcome.accepted && state.phase !== "ended") also(state, move, context);
    return outcome;
  },
});

const bombsOf = ({ bombs }: State): Cell[] => bombs.flatMap((own) => own ?? []);
const near = (a: Cell, b: Cell): boolean => Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])) <= 1;
const onLane = (state: State, move: Move): number =>
  move.kind === "drop"
    ? lane(move.side, move.line).filter((cell) => bombsOf(state).some((bomb) => sameCell(bomb, cell))).length
    : 0;

export const dot4Leaks: Record<string, Dot4> = {
  "of a value: all bombs to players": seeing((state, { kind }) => (kind === "player" ? { all: state.bombs } : {})),
  "of a value: all bombs to spectators": seeing((state, { kind }) =>
    kind === "spectator" ? { all: state.bombs } : {},
  ),
  "of a value: what STRIP_SECRETS forgets, the first state": seeing((state) => ({ initial: { bombs: state.bombs } })),
  "of a number: bombs around the last stone": seeing((state) => {
    const end = state.last?.path.at(-1);
    return { around: end === undefined ? 0 : bombsOf(state).filter((bomb) => near(bomb, end)).length };
  }),
  "of a length: a rumble as long as there are bombs on the rim": seeing((state) => ({
    rumble: "r".repeat(bombsOf(state).filter(([x, y]) => x === 0 || y === 0 || x === 9 || y === 9).length),
  })),
  "of presence: a message when a stone passes a bomb": doing((state, move, context) => {
    const { last } = state;
    if (move.kind !== "drop" || last === null) return;
    if (bombsOf(state).some((bomb) => last.path.some((cell) => near(cell, bomb)))) context.send("everyone", "close");
  }),
  "of presence: an empty message when bombs are hidden at the top": doing((_state, move, context) => {
    if (move.kind === "place" && move.bombs.some(([x, y]) => x < 6 && y < 2)) context.send("everyone", null);
  }),
  "by refusing a cell that the opponent has taken": {
    ...dot4,
    apply(state, move, context) {
      const taken =
        move.kind === "place" && move.bombs.some((cell) => bombsOf(state).some((bomb) => sameCell(bomb, cell)));
      return taken && state.phase === "placing" ? refuse("a bomb lies there") : dot4.apply(state, move, context);
    },
  },
  "by the reason for refusing a blocked line": {
    ...dot4,
    apply(state, move, context) {
      const outcome = dot4.apply(state, move, context);
      return outcome.accepted ? outcome : refuse(onLane(state, move) > 0 ? "too hot" : outcome.reason);
    },
  },
  "by a clock that is shorter where bombs are": doing((state, move, context) => {
    if (state.phase !== "playing") return;
    context.schedule("clock", context.seconds(state.turnSeconds) - onLane(state, move));
  }),
  "by who begins": doing((state, move) => {
    if (move.kind === "place" && state.phase === "playing") state.turn = indexOf(bombsOf(state)[0]!) % 2 === 0 ? 0 : 1;
  }),
  "by an award for hiding bombs well": doing((state, move, context) => {
    if (state.phase !== "playing" || move.kind !== "place") return;
    const [first = [], second = []] = state.bombs.map((own) => own ?? []);
    const sum = (own: readonly Cell[]): number => own.reduce((total, cell) => total + indexOf(cell), 0);
    context.award(context.players[sum(first) > sum(second) ? 0 : 1]!, "hider", { once: "hiding" });
  }),
  "by the result of an abandoned game": {
    ...dot4,
    abandon(state, absent, context) {
      const result = dot4.abandon!(state, absent, context);
      return { ...(result as object), bombs: bombsOf(state).map(([x, y]) => [x, y]) };
    },
  },
  "by revealing when somebody leaves": seeing((state) =>
    state.result?.how === "left" ? { revealed: state.bombs } : {},
  ),
  "to those who come back": {
    ...dot4,
    returned(state, player, context) {
      context.send(player, { bombs: bombsOf(state).map(([x, y]) => [x, y]) });
    },
  },
  "by the order of keys": {
    ...dot4,
    view(state, viewer) {
      const view = dot4.view(state, viewer);
      const odd = bombsOf(state).some((bomb) => indexOf(bomb) % 2 === 1 && near(bomb, [5, 5]));
      return odd ? (Object.fromEntries(Object.entries(view).reverse()) as unknown as View) : view;
    },
  },
};
