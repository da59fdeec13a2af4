/**
 * Answers the calls of the ABI for an author's contract: parses moves, keeps state, roster and randomness, collects
 * effects. The same code runs inside the sandbox and, for authors, in plain Node.
 */
import { checkValue, type Value } from "#protocol/value.ts";
import type { HeldItem } from "#protocol/held-item.ts";
import type { RoomOptions } from "#protocol/manifest.ts";
import type { Answer, Call, Player } from "./abi.ts";
import { CallContext } from "./call-context.ts";
import type { AnyContract, Holder, Newcomer } from "./contract.ts";
import { checkShape, describeContract, type Built } from "./describe.ts";
import { parseMove, shortReason } from "./parse-move.ts";
import { KeystreamRandom } from "./random.ts";

/** What an opened room holds. */
interface Room {
  state: unknown;
  random: KeystreamRandom;
  readonly options: RoomOptions;
  /** By seat. */
  players: readonly Player[];
  /** Of those of whom it is known. */
  readonly items: Map<string, readonly HeldItem[]>;
}

/** Calls that end in a new state and effects. */
type Happening = Exclude<Call, { call: "describe" | "open" | "view" | "state" | "migrate" }>;

export class ContractRuntime {
  readonly #contract: AnyContract;
  readonly #built: Built;
  readonly #hz: number;
  #room: Room | undefined;
  #viewing = false;

  /** @throws TypeError if this is not a contract; the message says what is missing. */
  constructor(contract: AnyContract, built: Built = {}) {
    checkShape(contract);
    this.#built = built;
    this.#contract = contract;
    this.#hz = describeContract(contract).hz;
  }

  /** For the testing kit, which compares states before and after a refusal or a view. */
  get state(): unknown {
    return this.#room?.state;
  }

  /**
   * A number from 0 up to but not including 1 from the room's stream: what `Math.random` says inside the sandbox.
   *
   * @throws TypeError where nothing may be drawn: before the room is open and while a view is built.
   */
  draw(): number {
    if (this.#viewing) throw new TypeError("view must not draw random numbers: it must not change the room");
    return this.#opened().random.unit();
  }

  /**
   * Answers one call.
   *
   * @throws whatever the contract throws, TypeError when a rule returns nonsense, ProtocolError for values that are not
   *   trees. The room is then unusable: its state may be half changed.
   */
  answer(call: Call): Answer {
    switch (call.call) {
      case "describe":
        return { answer: "described", manifest: this.#describe() };
      case "open":
        return this.#open(call);
      case "view":
        return { answer: "views", views: this.#views(call.viewers) };
      case "state":
        return { answer: "state", state: this.#save() };
      case "migrate":
        return this.#migrate(call);
      default:
        return this.#happen(call);
    }
  }

  #describe(): Value {
    // A first move tells an asynchronous schema at load time, not in the middle of a game.
    parseMove(this.#contract.moves, null);
    return describeContract(this.#contract, this.#built) as unknown as Value;
  }

  #open(call: Extract<Call, { call: "open" }>): Answer {
    if (this.#room !== undefined) throw new TypeError("the room is already open");
    const random = new KeystreamRandom(call.key);
    const options = Object.freeze({ ...call.options });
    const players = Object.freeze([]);
    const { tick, itemsLeft } = call;
    const context = new CallContext({ tick, hz: this.#hz, random, options, players, itemsLeft });
    const state: unknown = this.#contract.open(context);
    if (state === undefined || isPromise(state)) throw new TypeError("open must return the first state");
    this.#room = { state, random, options, players, items: new Map() };
    return { answer: "done", reason: null, effects: context.close() };
  }

  #save(): Value {
    const { state } = this.#opened();
    return checkValue(this.#contract.save === undefined ? state : this.#contract.save(state));
  }

  #migrate(call: Extract<Call, { call: "migrate" }>): Answer {
    if (this.#room !== undefined) throw new TypeError("the room is already open");
    if (this.#contract.migrate === undefined) throw new TypeError("these rules have no migrate: they follow no others");
    const random = new KeystreamRandom(call.key);
    const options = Object.freeze({ ...call.options });
    const players = Object.freeze(call.players.map(({ id, seat }) => Object.freeze({ id, seat })));
    const { tick, itemsLeft } = call;
    const context = new CallContext({ tick, hz: this.#hz, random, options, players, itemsLeft });
    const state: unknown = this.#contract.migrate(call.state, context);
    if (state === undefined || isPromise(state)) throw new TypeError("migrate must return the state");
    this.#room = { state, random, options, players, items: new Map() };
    return { answer: "done", reason: null, effects: context.close() };
  }

  #happen(call: Happening): Answer {
    const room = this.#opened();
    if (call.call === "join") {
      room.random = new KeystreamRandom(call.key);
      // What the seat's last player was shown is not for the next.
      for (const rows of Object.values(this.#contract.components ?? {})) rows.hideFrom(call.player.seat);
      room.players = withPlayer(room.players, call.player);
    } else if (call.call === "leave") {
      room.players = Object.freeze(room.players.filter(({ id }) => id !== call.player.id));
      room.items.delete(call.player.id);
    } else if (call.call === "items") {
      if (call.items === null) room.items.delete(call.player.id);
      else room.items.set(call.player.id, call.items);
    } else if (call.call === "consumed" && call.refused === null) {
      forgetItem(room.items, call.item);
    }
    const { random, options, players } = room;
    const { tick, itemsLeft } = call;
    const given = { tick, hz: this.#hz, random, options, players, itemsLeft };
    if (call.call === "move") return this.#move(room, call, new CallContext({ ...given, player: holder(room, call) }));
    const context = new CallContext(given);
    if (call.call === "abandon") {
      const result = checkValue(this.#contract.abandon?.(room.state, call.absent, context) ?? null);
      return { answer: "done", reason: null, effects: context.close(), result };
    }
    const state: unknown = this.#next(room, call, context);
    if (isPromise(state)) throw new TypeError(`${call.call} must not be asynchronous`);
    if (state !== undefined) room.state = state;
    return { answer: "done", reason: null, effects: context.close() };
  }

  #next(room: Room, call: Exclude<Happening, { call: "move" | "abandon" }>, context: CallContext): unknown {
    const contract = this.#contract;
    const { state } = room;
    switch (call.call) {
      case "join":
        return contract.join?.(state, newcomer(call), context);
      case "leave":
        return contract.leave?.(state, call.player, context);
      case "dropped":
        return contract.dropped?.(state, call.player, context);
      case "returned":
        return contract.returned?.(state, { ...call.player, arrival: call.arrival ?? null }, context);
      case "tick":
        return contract.tick?.(state, context);
      case "timer":
        return contract.timer?.(state, { name: call.name, payload: call.payload }, context);
      case "items":
        return contract.items?.(state, holder(room, call), context);
      case "consumed":
        return contract.consumed?.(state, { player: call.owner, item: call.item, refused: call.refused }, context);
      case "answer":
        return contract.answer?.(state, { id: call.id, answer: call.answer }, context);
    }
  }

  #move(room: Room, call: Extract<Call, { call: "move" }>, context: CallContext): Answer {
    const parsed = parseMove(this.#contract.moves, call.move);
    if (!parsed.ok) return refused(parsed.reason);
    const before = room.random.position;
    const outcome: unknown = this.#contract.apply(room.state, parsed.move, context);
    const effects = context.close();
    if (isAccepted(outcome)) {
      room.state = outcome.state;
      return { answer: "done", reason: null, effects };
    }
    if (isRefused(outcome)) {
      room.random.position = before;
      return refused(shortReason(outcome.reason));
    }
    throw new TypeError("apply must return accept(state) or refuse(reason)");
  }

  #views(viewers: Extract<Call, { call: "view" }>["viewers"]): Value[] {
    const { state } = this.#opened();
    this.#viewing = true;
    const views = viewers.map((viewer) => checkValue(this.#contract.view(state, viewer)));
    this.#viewing = false;
    return views;
  }

  #opened(): Room {
    if (this.#room === undefined) throw new TypeError("the room is not open");
    return this.#room;
  }
}

const holder = ({ items }: Room, { player }: { readonly player: Player }): Holder => ({
  ...player,
  items: items.get(player.id) ?? null,
});

/** What is used up counts nowhere any more, also before it is told what players own from then on. */
function forgetItem(items: Room["items"], used: string): void {
  for (const [player, held] of items) {
    if (held.some(({ id }) => id === used)) {
      items.set(
        player,
        held.filter(({ id }) => id !== used),
      );
    }
  }
}

const refused = (reason: string): Answer => ({ answer: "done", reason, effects: [] });

function withPlayer(players: readonly Player[], player: Player): readonly Player[] {
  const others = players.filter(({ id, seat }) => id !== player.id && seat !== player.seat);
  return Object.freeze(
    [...others, Object.freeze({ id: player.id, seat: player.seat })].sort((a, b) => a.seat - b.seat),
  );
}

const newcomer = ({ player, record, arrival, moderator }: Extract<Call, { call: "join" }>): Newcomer => ({
  id: player.id,
  seat: player.seat,
  record: record ?? null,
  arrival: arrival ?? null,
  moderator: moderator === true,
});

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const isAccepted = (outcome: unknown): outcome is { readonly state: unknown } =>
  isObject(outcome) && outcome["accepted"] === true && outcome["state"] !== undefined && !isPromise(outcome["state"]);

const isRefused = (outcome: unknown): outcome is { readonly reason: string } =>
  isObject(outcome) && outcome["accepted"] === false && typeof outcome["reason"] === "string";

const isPromise = (value: unknown): boolean => isObject(value) && typeof value["then"] === "function";
