/**
 * A small card game with every kind of secret: drawn cards (of the room's randomness), a chosen stake (of a move), and a
 * diary (text of any length). Honest; the variants in `card-leaks.ts` are not.
 */
import * as v from "valibot";
import {
  accept,
  refuse,
  type Context,
  type Contract,
  type Random,
  type Value,
  type Viewer,
} from "#contract/contract.ts";

export interface Seat {
  readonly id: string;
  hand: number[];
  /** The card laid face down, once. */
  stake: number | null;
  /** Only its writer ever reads it. */
  diary: string[];
}

export interface Cards {
  deck: number[];
  seats: Seat[];
  /** Open on the table. */
  table: { seat: number; card: number }[];
  turn: number;
  drawn: number;
  over: boolean;
  /** Who has dropped and returned. */
  back: string[];
}

const index = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20));
const moves = v.variant("kind", [
  v.strictObject({ kind: v.literal("stake"), index }),
  v.strictObject({ kind: v.literal("note"), text: v.pipe(v.string(), v.maxLength(60)) }),
  v.strictObject({ kind: v.literal("draw") }),
  v.strictObject({ kind: v.literal("show"), index }),
]);

export type CardMove = v.InferOutput<typeof moves>;

export interface CardView {
  readonly you: {
    readonly seat: number;
    readonly hand: number[];
    readonly stake: number | null;
    readonly diary: string[];
  } | null;
  readonly others: { readonly cards: number; readonly staked: boolean }[];
  readonly table: { readonly seat: number; readonly card: number }[];
  readonly turn: number;
  readonly over: boolean;
  readonly stakes: (number | null)[] | null;
}

/** Cards on the table that end the game. */
const tableMax = 6;

export const seatOf = (state: Cards, viewer: Viewer): Seat | undefined =>
  viewer.kind === "player" ? state.seats.find(({ id }) => id === viewer.id) : undefined;

/** @param resultOf what the room ends with. */
export const cardsEnding = (resultOf: (state: Cards) => Value): Contract<Cards, CardMove, CardView> => ({
  name: "cards",
  players: { min: 2, max: 3 },
  presence: "any",
  graceMs: 60_000,
  frameBytes: 2048,
  moves,
  open: (context) => ({
    deck: context.random.shuffle(Array.from({ length: 36 }, (_, card) => card)),
    seats: [],
    table: [],
    turn: 0,
    drawn: 0,
    over: false,
    back: [],
  }),
  join(state, { id }) {
    state.seats.push({ id, hand: state.deck.splice(0, 3), stake: null, diary: [] });
  },
  returned(state, { id }) {
    state.back.push(id);
  },
  leave(state, _player, context) {
    end(state, context, resultOf);
  },
  apply(state, move, context) {
    const seat = state.seats.findIndex(({ id }) => id === context.player.id);
    const own = state.seats[seat]!;
    if (state.over) return refuse("the game is over");
    switch (move.kind) {
      case "note":
        if (own.diary.length >= 5) return refuse("your diary is full");
        own.diary.push(move.text);
        return accept(state);
      case "stake":
        if (own.stake !== null) return refuse("your stake lies already");
        if (move.index >= own.hand.length) return refuse("you have no such card");
        own.stake = own.hand.splice(move.index, 1)[0]!;
        return accept(state);
      case "draw":
        if (state.turn !== seat) return refuse("not your turn");
        if (own.hand.length >= 5 || state.deck.length === 0) return refuse("no card for you");
        own.hand.push(state.deck.shift()!);
        state.drawn++;
        break;
      case "show":
        if (state.turn !== seat) return refuse("not your turn");
        if (move.index >= own.hand.length) return refuse("you have no such card");
        state.table.push({ seat, card: own.hand.splice(move.index, 1)[0]! });
        break;
    }
    state.turn = (seat + 1) % state.seats.length;
    if (state.table.length >= tableMax) end(state, context, resultOf);
    return accept(state);
  },
  view(state, viewer) {
    const own = seatOf(state, viewer);
    return {
      you:
        own === undefined
          ? null
          : { seat: state.seats.indexOf(own), hand: own.hand, stake: own.stake, diary: own.diary },
      others: state.seats.map(({ hand, stake }) => ({ cards: hand.length, staked: stake !== null })),
      table: state.table,
      turn: state.turn,
      over: state.over,
      stakes: state.over ? state.seats.map(({ stake }) => stake) : null,
    };
  },
});

export const cards = cardsEnding(({ table }) => ({ shown: table.length }));

function end(state: Cards, context: Context, resultOf: (state: Cards) => Value): void {
  if (state.over) return;
  state.over = true;
  context.end(resultOf(state));
}

/** Own cards and own diary; what lies open; at the end the stakes. */
export const knows = (state: Cards, viewer: Viewer): unknown => ({
  own: seatOf(state, viewer),
  table: state.table,
  stakes: state.over ? state.seats.map(({ stake }) => stake) : null,
});

interface Situation {
  readonly view: CardView;
  readonly seat: number;
  readonly random: Random;
}

/** A legal move judged from one's own view. */
export function move({ view, random }: Situation): CardMove | null {
  if (view.you === null || view.over) return null;
  const { hand, stake, diary, seat } = view.you;
  const kind = random.below(4);
  if (kind === 0 && stake === null && hand.length > 0) return { kind: "stake", index: random.below(hand.length) };
  if (kind === 1 && diary.length < 5) return { kind: "note", text: "abc ".repeat(random.below(10)) };
  if (view.turn !== seat) return null;
  if (hand.length === 0 || (kind < 3 && hand.length < 5)) return { kind: "draw" };
  return { kind: "show", index: random.below(hand.length) };
}

/** Another stake, another line in the diary. */
export function vary({
  move: played,
  other,
  random,
}: Situation & { move: CardMove; other: CardView }): CardMove | null {
  if (played.kind === "note") return { kind: "note", text: "xyz ".repeat(random.below(10)) };
  if (played.kind !== "stake" || other.you === null || other.you.hand.length === 0) return null;
  return { kind: "stake", index: random.below(other.you.hand.length) };
}

/** Other cards in every place that this viewer does not see into, or only in the deck. */
export function redeal({ state, viewer, random }: { state: Cards; viewer: Viewer; random: Random }): void {
  if (state.over) return;
  const others = state.seats.filter(({ id }) => viewer.kind === "spectator" || id !== viewer.id);
  const hidden = random.below(2) === 0 ? others : [];
  const held = hidden.flatMap(({ hand, stake }) => (stake === null ? hand : [...hand, stake]));
  const unseen = random.shuffle([...state.deck, ...held]);
  for (const seat of hidden) {
    seat.hand = seat.hand.map(() => unseen.pop()!);
    if (seat.stake !== null) seat.stake = unseen.pop()!;
  }
  state.deck = unseen;
}

export const cardSecrecy = { knows, move, vary, redeal, varySeed: true } as const;
