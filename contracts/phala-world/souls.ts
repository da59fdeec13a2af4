/** The loop of Phala World as moves: every refusal is a sentence, and whatever changes is kept for its owner. */
import { accept, refuse, type MoveContext, type Outcome } from "#contract/index.ts";
import { showAll } from "./common.ts";
import { spirit } from "./items.ts";
import { bytesOf } from "./loop/hex.ts";
import { drawParts, hatch } from "./loop/hatching.ts";
import { feed, startIncubation } from "./loop/incubation.ts";
import { shellsOf, type Account, type Shell } from "./loop/loop.ts";
import { buyPrime, buyRare, preorder } from "./loop/origins.ts";
import { isRefusal, refusals, type Refusal } from "./loop/refusals.ts";
import { claimSpirit, redeemSpirit } from "./loop/spirits.ts";
import { takeOff, wear, withdraw } from "./loop/wearing.ts";
import type { Move } from "./moves.ts";
import { dress } from "./people.ts";
import { shellsEach } from "./record.ts";
import { personOf, type Person, type State } from "./state.ts";

export type SoulMove = Extract<
  Move,
  {
    do:
      | "claim-spirit"
      | "redeem-spirit"
      | "buy-origin"
      | "preorder"
      | "incubate"
      | "feed"
      | "hatch"
      | "become"
      | "wear"
      | "take-off"
      | "withdraw";
  }
>;

export function liveOn(state: State, person: Person, move: SoulMove, context: MoveContext): Outcome<State> {
  const made = act(state, person, move, context);
  if (typeof made === "string") return refuse(isKnown(made) ? refusals[made] : made);
  keep(person, context);
  showAll(state);
  return accept(state);
}

const isKnown = (text: string): text is Refusal => isRefusal(text as Refusal) && text in refusals;

/** What was made, or why nothing was: by the name of a refusal, or in a sentence. */
function act(state: State, person: Person, move: SoulMove, context: MoveContext): object | string {
  const { loop, era } = state;
  const { id } = person;
  switch (move.do) {
    case "claim-spirit":
      return spiritFor(person, state, context, () => claimSpirit(loop, id, era));
    case "redeem-spirit":
      return spiritFor(person, state, context, () => redeemSpirit(loop, id, era));
    case "buy-origin":
      return move.rarity === "prime" ? buyPrime(loop, id, move, era) : buyRare(loop, id, move.rarity, move, era);
    case "preorder":
      return preorder(loop, id, move, era);
    case "incubate":
      return startIncubation(loop, id, move.origin, era, context.random.bytes(32));
    case "feed":
      return given(feed(loop, id, move.origin, era), state, person, context);
    case "hatch":
      return hatched(state, person, move.origin, context);
    case "become":
      return become(state, person, move.shell);
    case "wear":
      return seen(wear(loop, id, move.shell, move.part), person, state);
    case "take-off":
      return seen(takeOff(loop, id, move.shell, move.slot), person, state);
    case "withdraw":
      return seen(withdraw(loop, id, move.part), person, state);
  }
}

/** Whoever is refused here keeps purse and ticket, for a hub that has Spirits left: each awards as many as a room can. */
function spiritFor(
  { id, player }: Person,
  { loop }: State,
  context: MoveContext,
  give: () => Account | Refusal,
): Account | Refusal {
  if (context.itemsLeft === 0 && loop.accounts[id]?.spirit !== true) return "SpiritsAllGiven";
  const made = give();
  if (!isRefusal(made)) context.award(player, spirit, { once: `spirit/${id}` });
  return made;
}

/** Whoever owns what was fed is told, if they are here. */
function given(
  made: ReturnType<typeof feed>,
  state: State,
  { id, name }: Person,
  context: MoveContext,
): object | string {
  if (isRefusal(made) || made.owner === id) return made;
  const owner = personOf(state, made.owner);
  if (owner === undefined) return made;
  owner.unsaved = true;
  context.send(owner.player, { fed: { by: name, origin: made.id } });
  context.touch(owner.player);
  return made;
}

function hatched({ loop, era }: State, person: Person, origin: number, context: MoveContext): object | string {
  if (shellsOf(loop, person.id).length >= shellsEach) return "You have as many Shells as one account can keep.";
  const made = hatch(loop, person.id, origin, era);
  if (isRefusal(made)) return made;
  const { rarity, race, career, seed, energy } = made;
  const parts = drawParts(bytesOf(seed), { rarity, career, energy }).map(({ slot, name, rarity: drawn, gem }) => {
    return { slot, name, rarity: drawn, gem };
  });
  context.award(
    person.player,
    { item: "shell", rarity, race, career, seed, energy, parts },
    { once: `shell/${made.id}` },
  );
  return made;
}

function become(state: State, person: Person, id: number | null): object | string {
  const { loop } = state;
  if (id !== null && loop.shells[id]?.owner !== person.id)
    return loop.shells[id] === undefined ? "NoSuchThing" : "NotOwner";
  person.shell = id;
  const place = shellsOf(loop, person.id).findIndex((shell: Shell) => shell.id === id);
  person.kept.seenIn = place === -1 ? null : place;
  dress(person, state);
  return person;
}

function seen(made: object | Refusal, person: Person, state: State): object | string {
  if (!isRefusal(made)) dress(person, state);
  return made;
}

function keep(person: Person, context: MoveContext): void {
  person.unsaved = true;
  context.touch(person.player);
}
