/** The card game with one leak each, of every kind we know. None of them shows a secret to a player who only plays. */
import { accept, refuse, type Contract, type Viewer } from "#contract/contract.ts";
import { cards, cardsEnding, seatOf, type CardMove, type Cards, type CardView } from "./cards.ts";

type CardGame = Contract<Cards, CardMove, CardView>;

/** The same rules; the view also holds what `more` adds. */
const seeing = (more: (state: Cards, viewer: Viewer) => object): CardGame => ({
  ...cards,
  view: (state, viewer) => ({ ...cards.view(state, viewer), ...more(state, viewer) }),
});

/** The same rules; `also` runs after a move was accepted. */
const doing = (also: (...args: [...Parameters<CardGame["apply"]>, seat: number]) => void): CardGame => ({
  ...cards,
  apply(state, move, context) {
    const outcome = cards.apply(state, move, context);
    const seat = state.seats.findIndex(({ id }) => id === context.player.id);
    if (outcome.accepted) also(state, move, context, seat);
    return outcome;
  },
});

const stakeOf = (state: Cards, seat: number): number => state.seats[seat]?.stake ?? 0;

export const cardLeaks: Record<string, CardGame> = {
  "of a value: the top card of the deck": seeing(({ deck }) => ({ next: deck[0] ?? null })),
  "of a value: everybody's stake, to players only": seeing(({ seats }, { kind }) =>
    kind === "player" ? { hint: seats.map(({ stake }) => stake) } : {},
  ),
  "of a number: how many lines a diary has with more than ten letters": seeing(({ seats }) => ({
    serial: seats.flatMap(({ diary }) => diary).filter(({ length }) => length > 10).length,
  })),
  "of a number: ids given out by a counter that hidden cards move": seeing(({ seats, table }) => ({
    ids: table.map((_, i) => i + seats.reduce((sum, { stake }) => sum + (stake ?? 0), 0)),
  })),
  "of a length: a diary shown as stars": seeing(({ seats }) => ({
    diaries: seats.map(({ diary }) => "*".repeat(diary.join().length)),
  })),
  "of a length: bytes of zeros, as many as a diary has letters": seeing(({ seats }) => ({
    diaries: seats.map(({ diary }) => new Uint8Array(diary.join().length)),
  })),
  "of presence: a message when the stake is high": doing((_state, move, context, seat) => {
    if (move.kind === "stake" && stakeOf(_state, seat) > 17) context.send("everyone", "somebody is brave");
  }),
  "of presence: a message to one other player when the stake is high": doing((state, move, context, seat) => {
    if (move.kind !== "stake" || stakeOf(state, seat) <= 17) return;
    for (const player of context.players) if (player.id !== context.player.id) context.send(player, "watch out");
  }),
  "of presence: a field that is there only with a high stake": seeing(({ seats }) =>
    seats.some(({ stake }) => (stake ?? 0) > 17) ? { tension: true } : {},
  ),
  "by the reason of a refusal": {
    ...cards,
    apply(state, move, context) {
      const own = state.seats.find(({ id }) => id === context.player.id)!;
      const card = move.kind === "stake" && own.stake === null ? own.hand[move.index] : undefined;
      const lower = state.seats.some(({ stake }) => stake !== null && card !== undefined && card < stake);
      return lower ? refuse("another stake is higher") : cards.apply(state, move, context);
    },
  },
  "by the text of a refusal that happens anyway": {
    ...cards,
    apply(state, move, context) {
      const outcome = cards.apply(state, move, context);
      return outcome.accepted
        ? outcome
        : refuse(`${outcome.reason} (${state.seats.flatMap(({ diary }) => diary).length + stakeOf(state, 0)})`);
    },
  },
  "to spectators": seeing(({ seats }, { kind }) =>
    kind === "spectator" ? { hands: seats.map(({ hand }) => hand) } : {},
  ),
  "to those who come late: a message": {
    ...cards,
    join(state, player, context) {
      if (state.seats.length >= 2)
        context.send(
          player,
          state.seats.map(({ stake }) => stake),
        );
      cards.join!(state, player, context);
    },
  },
  "to those who come back: a message": {
    ...cards,
    returned(state, player, context) {
      context.send(player, { missed: state.seats.map(({ hand }) => hand) });
    },
  },
  "to those who come late: their first view": seeing(({ seats }, viewer) =>
    viewer.kind === "player" && seats.findIndex(({ id }) => id === viewer.id) >= 2
      ? { story: seats.map(({ stake }) => stake) }
      : {},
  ),
  "to those who come back: their first view": seeing(({ seats, back }, viewer) =>
    viewer.kind === "player" && back.includes(viewer.id) ? { missed: seats.map(({ stake }) => stake) } : {},
  ),
  "to everybody when somebody drops": {
    ...cards,
    dropped(state, { id }, context) {
      context.send("everyone", { lost: seatOf(state, { kind: "player", id, seat: 0 })?.stake ?? null });
    },
  },
  "by an award that goes to whoever staked most": doing((state, move, context) => {
    if (move.kind !== "show") return;
    const best = state.seats.reduce((a, b) => ((b.stake ?? -1) > (a.stake ?? -1) ? b : a));
    const player = context.players.find(({ id }) => id === best.id);
    if (best.stake !== null && player !== undefined)
      context.award(player, "courage", { once: `show ${state.table.length}` });
  }),
  "by the order of a view's keys": {
    ...cards,
    view(state, viewer) {
      const view = cards.view(state, viewer);
      const odd = state.seats.some(({ stake }) => stake !== null && stake % 2 === 1);
      return odd ? (Object.fromEntries(Object.entries(view).reverse()) as unknown as CardView) : view;
    },
  },
  "by the order of a list": seeing(({ seats }) => ({
    ranking: seats
      .map((seat, i) => ({ i, stake: seat.stake ?? -1 }))
      .sort((a, b) => a.stake - b.stake)
      .map(({ i }) => i),
  })),
  "by a timer that strikes after a secret time": doing((state, move, context, seat) => {
    if (move.kind === "stake") context.schedule("drum", 1 + stakeOf(state, seat));
  }),
  "by the end of the room": doing((state, move, context, seat) => {
    if (move.kind !== "stake" || stakeOf(state, seat) < 33) return;
    context.end(null);
  }),
  "by the room's result": cardsEnding(({ deck }) => ({ left: deck })),
  "by draws: a public die that secret draws move on": {
    ...cards,
    view: (state, viewer) => ({ ...cards.view(state, viewer), die: state.drawn }),
    apply(state, move, context) {
      const outcome = cards.apply(state, move, context);
      if (outcome.accepted && move.kind === "note" && move.text.length > 10) context.random.below(6);
      if (outcome.accepted && move.kind === "show") context.send("everyone", context.random.below(6));
      return outcome.accepted ? accept(state) : outcome;
    },
  },
};
