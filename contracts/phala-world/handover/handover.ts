/**
 * The hub as it goes from rules to the rules that follow them: people where they stand, what they keep and own, what lies
 * buried, who is kept out. Rules may hand over some 60 KB, with a list of the players: so it is packed.
 *
 * ```text
 * handed over = [version] hub [accounts] people hidden order loop
 * ```
 *
 * What somebody was doing ends: they stand where they are, and disclose again what they had begun to. Later versions read
 * this one, or their hub does not follow it.
 */
import type { Context, Player, Value } from "#contract/index.ts";
import { treasures } from "../codes.ts";
import { commonOf } from "../common.ts";
import { Body, Treasure } from "../components.ts";
import { bytesOf, hexOf } from "../loop/hex.ts";
import { races } from "../loop/kinds.ts";
import { placeGuide, rise, seePresent } from "../people.ts";
import { breathMax } from "../speech.ts";
import { macKeyLength } from "../speech-mac.ts";
import { newPerson, type Person, type State } from "../state.ts";
import { terrain } from "../terrain.ts";
import { packLoop, peopleOf, unpackLoop } from "./loop.ts";
import { HandoverError, oneOf, Packer, Unpacker } from "./packing.ts";
import { packWho, unpackWho } from "./who.ts";

const version = 1;

/** With the ids and seats of a full hub's players beside it, a call has this much. */
export const handoverMax = 40_000;

const hubLength = 8;
const keyLength = 32;
const idLength = 16;

/** @throws HandoverError if it is too much: the room goes on by the rules that it has. */
export function save(state: State): Value {
  const packer = new Packer(handoverMax);
  const seated = state.people.filter((person) => person !== null);
  packer.count(version);
  packer.bytes(bytesOf(state.hub));
  packer.count(state.eraTicks);
  packer.count(state.era);
  const here = new Set(seated.map(({ id }) => id));
  const away = peopleOf(state.loop).filter((id) => !here.has(id));
  const numberOf = packWho(
    seated.map(({ id }) => id),
    away,
    packer,
  );
  packer.count(seated.length);
  for (const person of seated) packPerson(person, packer);
  packHidden(state, packer);
  packOrder(state, packer);
  packLoop(state.loop, state.era, packer, numberOf);
  return packer.packed;
}

/** @throws HandoverError for what is not of these rules, or not of these players. */
export function migrate(saved: Value, context: Context): State {
  if (!(saved instanceof Uint8Array)) throw new HandoverError("this is no hub");
  const unpacker = new Unpacker(saved);
  if (unpacker.count() !== version) throw new HandoverError("this was packed by rules that these do not know");
  const hub = hexOf(unpacker.bytes(hubLength));
  const [eraTicks, era] = [unpacker.count(), unpacker.count()];
  const players = context.players.toSorted((a, b) => a.seat - b.seat);
  const whoIs = unpackWho(
    players.map(({ id }) => id),
    unpacker,
  );
  const people: State["people"] = [];
  const stand = unpacker.list((i) => {
    const player = players[i];
    if (player === undefined) throw new HandoverError("somebody has no seat");
    const { person, at } = unpackPerson(player, unpacker);
    while (people.length < player.seat) people.push(null);
    people.push(person);
    return { person, at };
  });
  const hidden = unpackHidden(unpacker);
  const order = unpackOrder(unpacker);
  const loop = unpackLoop(unpacker, whoIs);
  if (!unpacker.done || stand.length !== players.length) throw new HandoverError("there is more than was expected");
  const present: Person[] = [];
  const common = commonOf({ loop, era, eraTicks, present });
  const state: State = { people, present, aloof: [], loop, hub, eraTicks, era, common, ...hidden, ...order };
  placeGuide();
  for (const { person, at } of stand) if (at !== null) standUp(person, at, state, context);
  seePresent(state);
  context.touch("everyone");
  return state;
}

/** Where somebody stood, and where they looked. */
interface Standing {
  readonly x: number;
  readonly z: number;
  readonly heading: number;
}

const flags = { inWorld: 1, space: 2, unsaved: 4, moderator: 8 };

function packPerson(person: Person, packer: Packer): void {
  const { row, name, race, coat, light, shell, kept, moderator, unsaved } = person;
  const inWorld = row !== -1;
  packer.count(
    (inWorld ? flags.inWorld : 0) +
      (kept.space ? flags.space : 0) +
      (unsaved ? flags.unsaved : 0) +
      (moderator ? flags.moderator : 0),
  );
  packer.text(name);
  for (const value of [races.indexOf(race), coat, light]) packer.count(value);
  if (inWorld) for (const value of [Body.x[row]!, Body.z[row]!, Body.heading[row]!]) packer.real(value);
  packer.count(shell ?? 0);
  for (const list of [kept.muted, kept.blocked]) {
    packer.count(list.length);
    for (const id of list) packer.bytes(bytesOf(id));
  }
  packer.count(kept.found);
  packer.count(1 + (kept.seenIn ?? -1));
  packer.count(Object.keys(kept.won).length);
  for (const [game, times] of Object.entries(kept.won)) {
    packer.text(game);
    packer.count(times);
  }
}

function unpackPerson(player: Player, unpacker: Unpacker): { readonly person: Person; readonly at: Standing | null } {
  const packed = unpacker.count();
  const is = (flag: number): boolean => (packed & flag) !== 0;
  const person = newPerson(player, is(flags.moderator));
  person.name = unpacker.text();
  person.race = oneOf(races, unpacker.count());
  person.coat = unpacker.count();
  person.light = unpacker.count();
  const at = is(flags.inWorld) ? { x: unpacker.real(), z: unpacker.real(), heading: unpacker.real() } : null;
  // Things are numbered from 1 on.
  const shell = unpacker.count();
  person.shell = shell === 0 ? null : shell;
  const ids = (): string[] => unpacker.list(() => hexOf(unpacker.bytes(idLength)));
  const [muted, blocked, found, seenIn] = [ids(), ids(), unpacker.count(), unpacker.count()];
  const won = Object.fromEntries(unpacker.list(() => [unpacker.text(), unpacker.count()]));
  person.kept = { muted, blocked, space: is(flags.space), found, won, seenIn: seenIn === 0 ? null : seenIn - 1 };
  person.unsaved = is(flags.unsaved);
  return { person, at };
}

/** Into the world where they stood: rows of before are gone. */
function standUp(person: Person, { x, z, heading }: Standing, state: State, context: Context): void {
  rise(person, { x, z }, state, context);
  Body.heading[person.row] = heading;
  person.breath = { left: breathMax, at: context.tick };
  person.gate = terrain.gateAt(x, z);
}

type Buried = Pick<State, "hidden" | "treasures" | "burying">;

function packHidden({ hidden, treasures: count, burying }: State, packer: Packer): void {
  packer.count(count);
  packer.bytes(burying.key);
  packer.count(burying.position);
  packer.count(Object.keys(hidden).length);
  for (const [row, { kind, number }] of Object.entries(hidden)) {
    packer.real(Treasure.x[Number(row)]!);
    packer.real(Treasure.z[Number(row)]!);
    packer.count(treasures.indexOf(kind));
    packer.count(number);
  }
}

/** Something is buried where it was; nobody sees it yet, who stands near sees it at the next look around. */
function unpackHidden(unpacker: Unpacker): Buried {
  const count = unpacker.count();
  const burying = { key: unpacker.bytes(keyLength), position: unpacker.count() };
  const hidden: State["hidden"] = {};
  unpacker.list(() => {
    const row = Treasure.spawn();
    if (row === -1) throw new HandoverError("more lies buried than there can");
    Treasure.x[row] = unpacker.real();
    Treasure.z[row] = unpacker.real();
    const kind = unpacker.count();
    Treasure.kind[row] = kind;
    hidden[row] = { kind: oneOf(treasures, kind), number: unpacker.count() };
  });
  return { treasures: count, burying, hidden };
}

type Order = Pick<State, "macKey" | "out" | "banned">;

function packOrder({ macKey, out, banned }: State, packer: Packer): void {
  packer.bytes(macKey);
  packer.count(Object.keys(out).length);
  for (const [id, until] of Object.entries(out)) {
    packer.bytes(bytesOf(id));
    packer.count(until);
  }
  packer.count(Object.keys(banned).length);
  for (const id of Object.keys(banned)) packer.bytes(bytesOf(id));
}

function unpackOrder(unpacker: Unpacker): Order {
  const macKey = unpacker.bytes(macKeyLength);
  const out = Object.fromEntries(unpacker.list(() => [hexOf(unpacker.bytes(idLength)), unpacker.count()]));
  const banned = Object.fromEntries(unpacker.list(() => [hexOf(unpacker.bytes(idLength)), true as const]));
  return { macKey, out, banned };
}
