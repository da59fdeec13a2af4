/**
 * Order in a room whose host hears nothing: whoever was spoken to discloses it to the world's moderator, and the moderator's
 * key sends people out. Guests can make a new key at any time: a ban keeps out an account, not a person.
 */
import { accept, refuse, type MoveContext, type Outcome } from "#contract/index.ts";
import { giveTicket } from "./loop/spirits.ts";
import { gift } from "./loop/origins.ts";
import { isRefusal, refusals } from "./loop/refusals.ts";
import { disclosedMax, type Move, type MoveOf } from "./moves.ts";
import { remove } from "./people.ts";
import { isSaid } from "./speech-mac.ts";
import { personOf, type Person, type State } from "./state.ts";

const reportEverySeconds = 30;
const outForSeconds = 600;
/** Rules hand this list over to those that follow them: 16 KB. Whoever makes a new key is on none. */
export const bannedMax = 1024;
/** Eras for which a ticket is good, the one in which it was given included. */
const ticketEras = 3;

/** What was not said here is not disclosed: nobody can be accused of it. */
export function disclose(state: State, person: Person, { message }: MoveOf<"disclose">): Outcome<State> {
  if (person.disclosed.length >= disclosedMax) return refuse(`A report discloses ${disclosedMax} messages at most.`);
  if (!isSaid(state.macKey, message, message.mac)) return refuse("This was not said here.");
  const { from, tick, text } = message;
  person.disclosed.push({ from, tick, text });
  return accept(state);
}

export function report(
  state: State,
  person: Person,
  { about }: MoveOf<"report">,
  context: MoveContext,
): Outcome<State> {
  const { id, reported, disclosed } = person;
  if (context.tick - reported < context.seconds(reportEverySeconds))
    return refuse("You have just reported somebody. Wait half a minute.");
  person.reported = context.tick;
  person.disclosed = [];
  const messages = disclosed.map(({ from, tick, text }) => ({ from, tick, text }));
  context.report({ by: id, about, tick: context.tick, messages });
  return accept(state);
}

export type KeeperMove = Extract<Move, { do: "kick" | "ban" | "give-ticket" | "gift" }>;

/** Moves of the world's moderator, and of nobody else. */
export function keepOrder(state: State, person: Person, move: KeeperMove, context: MoveContext): Outcome<State> {
  if (!person.moderator) return refuse("Only the world's moderator can do that.");
  const other = personOf(state, move.player);
  switch (move.do) {
    case "kick":
      if (other === undefined) return refuse("They are not here.");
      // Those whose time is over make room.
      for (const [id, until] of Object.entries(state.out)) if (until <= context.tick) delete state.out[id];
      state.out[other.id] = context.tick + context.seconds(outForSeconds);
      sendOut(other, "The moderator has sent you out for ten minutes.", state, context);
      return accept(state);
    case "ban":
      return ban(state, other, move, context);
    case "give-ticket":
      giveTicket(state.loop, move.player, move.purpose, state.era + ticketEras - 1);
      break;
    case "gift": {
      if (other === undefined) return refuse("They are not here.");
      const made = gift(state.loop, move.player, move.rarity, move, move.from);
      if (isRefusal(made)) return refuse(refusals[made]);
      break;
    }
  }
  if (other !== undefined) {
    other.unsaved = true;
    context.touch(other.player);
  }
  return accept(state);
}

function ban(state: State, other: Person | undefined, move: MoveOf<"ban">, context: MoveContext): Outcome<State> {
  if (!move.ban) {
    delete state.banned[move.player];
    context.touch(context.player);
    return accept(state);
  }
  if (Object.keys(state.banned).length >= bannedMax) return refuse("The list of those who are banned is full.");
  state.banned[move.player] = true;
  context.touch(context.player);
  if (other !== undefined) sendOut(other, "The moderator has banned you from this world's hub.", state, context);
  return accept(state);
}

function sendOut(person: Person, sentence: string, state: State, context: MoveContext): void {
  remove(person, state, context);
  context.send(person.player, { out: sentence });
  context.touch(person.player);
}

/** Why somebody cannot be in the world now; undefined if they can. */
export function keptOut({ banned, out }: State, { id }: Person, tick: number): string | undefined {
  if (banned[id] === true) return "You are banned from this world's hub.";
  if (tick < (out[id] ?? 0)) return "You were sent out. Come back in ten minutes.";
  return undefined;
}
