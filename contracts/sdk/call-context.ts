/** What a rule is handed besides state and move, for the length of one call; it collects what the rule asks for. */
import { itemIdLengthMax } from "#protocol/consumption.ts";
import { isRoomId } from "#protocol/identity.ts";
import { effectNameMax, effectsMax } from "#protocol/limits.ts";
import type { RoomOptions } from "#protocol/manifest.ts";
import { checkRequest } from "#protocol/request.ts";
import { checkValue, type Value } from "#protocol/value.ts";
import type { Effect, Entity, Player } from "./abi.ts";
import type { Holder, MoveContext, Random, RequestTerms } from "./contract.ts";

interface Circumstances {
  readonly tick: number;
  readonly hz: number;
  readonly random: Random;
  readonly options: RoomOptions;
  readonly players: readonly Player[];
  /** As the call says it. */
  readonly itemsLeft?: number | undefined;
  /** Who moves; only in calls that have somebody who does. */
  readonly player?: Holder;
}

export class CallContext implements MoveContext {
  readonly #given: Circumstances;
  readonly #effects: Effect[] = [];
  #over = false;
  #said: Value = null;

  constructor(given: Circumstances) {
    this.#given = given;
  }

  get tick(): number {
    return this.#given.tick;
  }

  get random(): Random {
    return this.#given.random;
  }

  get options(): RoomOptions {
    return this.#given.options;
  }

  get players(): readonly Player[] {
    return this.#given.players;
  }

  get itemsLeft(): number | undefined {
    return this.#given.itemsLeft;
  }

  get player(): Holder {
    const { player } = this.#given;
    if (player === undefined) throw new TypeError("only a move has context.player");
    return player;
  }

  seconds(seconds: number): number {
    // The subtraction keeps 1.1 s at 50 Hz at 55 ticks: the product is a little more than 55.
    return Math.ceil(seconds * this.#given.hz - 1e-9);
  }

  send(to: "everyone" | "players" | "spectators" | Player, message: Value): void {
    this.#add({
      effect: "send",
      to: typeof to === "string" ? to : { player: to.id },
      message: this.#checked(message),
    });
  }

  schedule(name: string, afterTicks: number, payload: Value = null): void {
    if (!Number.isFinite(afterTicks)) throw new RangeError("context.schedule takes a number of ticks");
    const tick = this.#given.tick + Math.max(1, Math.ceil(afterTicks));
    if (!Number.isSafeInteger(tick)) throw new RangeError("context.schedule: that is too far away");
    this.#add({ effect: "schedule", name: checkName(name), tick, payload: checkValue(payload) });
  }

  cancel(name: string): void {
    this.#add({ effect: "cancel", name: checkName(name) });
  }

  award(player: Player, item: Value, terms: { readonly once: string }): void {
    this.#add({ effect: "award", player: player.id, item: checkValue(item), once: checkName(terms.once) });
  }

  consume(player: Player, item: string): void {
    if (typeof item !== "string" || item.length === 0 || item.length > itemIdLengthMax)
      throw new TypeError("context.consume: an item is named by its id");
    this.#add({ effect: "consume", player: player.id, item });
  }

  touch(who: "everyone" | Player): void {
    this.#add({ effect: "touch", who: typeof who === "string" ? who : { player: who.id } });
  }

  focus(player: Player, entity: Entity | null): void {
    this.#add({ effect: "focus", player: player.id, entity });
  }

  team(player: Player, team: number | null): void {
    if (team !== null && !Number.isSafeInteger(team)) throw new RangeError("a team is a whole number");
    this.#add({ effect: "team", player: player.id, team });
  }

  request(id: string, terms: RequestTerms): void {
    const { body, method = body === undefined ? "GET" : "POST" } = terms;
    const request = checkRequest({ ...terms, method });
    if (request === undefined)
      throw new TypeError("context.request: an https URL, GET, or POST with a body that is short enough");
    this.#add({ effect: "request", id: checkName(id), request });
  }

  travel(
    player: Player,
    { room, contract }: { readonly room: string; readonly contract: string },
    payload: Value = null,
  ): void {
    if (!isRoomId(room)) throw new TypeError("context.travel: a room's id is 20 hexadecimal digits");
    const to = { room, contract: checkName(contract) };
    this.#add({ effect: "travel", player: player.id, ...to, payload: checkValue(payload) });
  }

  record(player: Player, record: Value): void {
    this.#add({ effect: "record", player: player.id, record: checkValue(record) });
  }

  report(report: Value): void {
    this.#add({ effect: "report", report: checkValue(report) });
  }

  end(result: Value): void {
    if (this.#effects.some(({ effect }) => effect === "end")) throw new TypeError("the room has already ended");
    this.#add({ effect: "end", result: checkValue(result) });
  }

  /** What is said to many, one after another, is looked through once. */
  #checked(message: Value): Value {
    if (typeof message !== "object" || message !== this.#said) this.#said = checkValue(message);
    return message;
  }

  /** Ends the call: what was asked for. A context kept beyond its call asks for nothing any more. */
  close(): readonly Effect[] {
    this.#over = true;
    return this.#effects;
  }

  #add(effect: Effect): void {
    if (this.#over) throw new TypeError("this context belongs to a call that is over");
    if (this.#effects.length >= effectsMax) throw new RangeError(`more than ${effectsMax} effects in one call`);
    this.#effects.push(effect);
  }
}

function checkName(name: unknown): string {
  if (typeof name === "string" && name.length >= 1 && name.length <= effectNameMax) return name;
  throw new TypeError(`a timer, award or request is named by 1 to ${effectNameMax} characters`);
}
