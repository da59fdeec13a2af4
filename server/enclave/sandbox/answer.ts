/** What came out of the sandbox, checked in every field: nothing behind this looks at a contract's bytes again. */
import type { Answer, Call, Effect, Entity } from "#contract/abi.ts";
import { itemIdLengthMax } from "#protocol/consumption.ts";
import { effectNameMax, effectsMax, reasonLengthMax, timerPayloadMax } from "#protocol/limits.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { isRoomId } from "#protocol/identity.ts";
import { checkRequest, type OutsideRequest } from "#protocol/request.ts";
import { tableLimits } from "#protocol/tables.ts";
import { recordLengthMax, reportLengthMax, travelLimits } from "#protocol/travel.ts";
import { checkValue, isRecord, type Value } from "#protocol/value.ts";

/** An answer that is none. The text is for the author. */
export class NonsenseError extends Error {}

/**
 * The answer to this call.
 *
 * @throws NonsenseError if it answers another call or breaks a limit; ProtocolError for values that are not trees.
 */
export function checkAnswer(call: Call, answer: unknown): Answer {
  if (!isRecord(answer)) throw new NonsenseError("an answer is a map");
  switch (call.call) {
    case "describe":
      if (answer["answer"] !== "described") throw new NonsenseError("describe is answered by described");
      return { answer: "described", manifest: checkValue(answer["manifest"]) };
    case "view": {
      const views = answer["views"];
      if (answer["answer"] !== "views" || !Array.isArray(views) || views.length !== call.viewers.length) {
        throw new NonsenseError("view is answered by one view for each viewer");
      }
      return { answer: "views", views: views.map(checkValue) };
    }
    case "state":
      if (answer["answer"] !== "state") throw new NonsenseError("state is answered by state");
      return { answer: "state", state: checkValue(answer["state"]) };
    default:
      return checkDone(call, answer);
  }
}

function checkDone(call: Call, answer: { readonly [key: string]: unknown }): Answer {
  const { reason, effects, result } = answer;
  if (answer["answer"] !== "done" || !Array.isArray(effects))
    throw new NonsenseError(`${call.call} is answered by done`);
  if (effects.length > effectsMax) throw new NonsenseError(`more than ${effectsMax} effects in one call`);
  if (reason !== null && (typeof reason !== "string" || reason.length > reasonLengthMax || call.call !== "move")) {
    throw new NonsenseError("only a move is refused, with a reason of limited length");
  }
  if (reason !== null && effects.length > 0) throw new NonsenseError("a refusal has no effects");
  if ((result === undefined) === (call.call === "abandon"))
    throw new NonsenseError("abandon, and only it, has a result");
  return {
    answer: "done",
    reason,
    effects: effects.map((effect) => checkEffect(call, effect)),
    ...(result === undefined ? {} : { result: checkValue(result) }),
  };
}

function checkEffect(call: Call, effect: unknown): Effect {
  if (!isRecord(effect)) throw new NonsenseError("an effect is a map");
  switch (effect["effect"]) {
    case "send":
      return { effect: "send", to: checkTarget(effect["to"], audiences), message: checkValue(effect["message"]) };
    case "schedule":
      return {
        effect: "schedule",
        name: checkName(effect["name"]),
        tick: checkLaterTick(call, effect["tick"]),
        payload: checkPayload(effect["payload"]),
      };
    case "cancel":
      return { effect: "cancel", name: checkName(effect["name"]) };
    case "award":
      return {
        effect: "award",
        player: checkName(effect["player"]),
        item: checkValue(effect["item"]),
        once: checkName(effect["once"]),
      };
    case "consume":
      return { effect: "consume", player: checkName(effect["player"]), item: checkItemId(effect["item"]) };
    case "touch":
      return { effect: "touch", who: checkTarget(effect["who"], ["everyone"]) };
    case "focus":
      return { effect: "focus", player: checkName(effect["player"]), entity: checkEntity(effect["entity"]) };
    case "team":
      return { effect: "team", player: checkName(effect["player"]), team: checkTeam(effect["team"]) };
    case "request":
      return { effect: "request", id: checkName(effect["id"]), request: checkAsked(effect["request"]) };
    case "travel":
      return {
        effect: "travel",
        player: checkName(effect["player"]),
        room: checkRoom(effect["room"]),
        contract: checkName(effect["contract"]),
        payload: checkShort(effect["payload"], travelLimits.payload),
      };
    case "record":
      return {
        effect: "record",
        player: checkName(effect["player"]),
        record: checkShort(effect["record"], recordLengthMax),
      };
    case "report":
      return { effect: "report", report: checkShort(effect["report"], reportLengthMax) };
    case "end":
      return { effect: "end", result: checkValue(effect["result"]) };
    default:
      throw new NonsenseError("an effect that does not exist");
  }
}

const audiences = ["everyone", "players", "spectators"] as const;

function checkTarget<Word extends string>(to: unknown, words: readonly Word[]): Word | { readonly player: string } {
  if (isRecord(to)) return { player: checkName(to["player"]) };
  const word = words.find((known) => known === to);
  if (word === undefined) throw new NonsenseError("nobody is called that");
  return word;
}

function checkName(name: unknown): string {
  if (typeof name === "string" && name.length >= 1 && name.length <= effectNameMax) return name;
  throw new NonsenseError(`a name of 1 to ${effectNameMax} characters`);
}

function checkItemId(item: unknown): string {
  if (typeof item === "string" && item.length >= 1 && item.length <= itemIdLengthMax) return item;
  throw new NonsenseError(`an item's id of 1 to ${itemIdLengthMax} characters`);
}

function checkEntity(entity: unknown): Entity | null {
  if (entity === null) return null;
  if (!isRecord(entity)) throw new NonsenseError("an entity is a map");
  const { table, row, generation } = entity;
  const isBelow = (value: unknown, end: number): value is number =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) < end;
  if (isBelow(row, tableLimits.capacity) && isBelow(generation, 2 ** 16))
    return { table: checkName(table), row, generation };
  throw new NonsenseError("an entity is a row of a table with its generation");
}

function checkTeam(team: unknown): number | null {
  if (team === null || (typeof team === "number" && Number.isSafeInteger(team))) return team;
  throw new NonsenseError("a team is a whole number");
}

function checkAsked(asked: unknown): OutsideRequest {
  const request = isRecord(asked) ? checkRequest(asked) : undefined;
  if (request === undefined) throw new NonsenseError("a request is a GET, or a POST with a body, within its limits");
  return request;
}

function checkLaterTick(call: Call, tick: unknown): number {
  const now = "tick" in call ? call.tick : 0;
  if (typeof tick === "number" && Number.isSafeInteger(tick) && tick > now) return tick;
  throw new NonsenseError("a timer is for a later tick");
}

function checkRoom(room: unknown): string {
  if (isRoomId(room)) return room;
  throw new NonsenseError("a room's id is 20 hexadecimal digits");
}

/** It comes back as the input of a call, which is shorter than an output may be. */
const checkPayload = (payload: unknown): Value => checkShort(payload, timerPayloadMax);

function checkShort(given: unknown, lengthMax: number): Value {
  const value = checkValue(given);
  if (encodeMsgpack(value).length > lengthMax) throw new NonsenseError(`more than ${lengthMax} bytes`);
  return value;
}
