/** Spirits, Origins of Shell, Shells and parts, as they are handed from rules to rules. What anybody owns keeps its number. */
import { bytesOf, hexOf } from "../loop/hex.ts";
import { careers, gems, partKinds, partRarities, races, rarities, type PartName } from "../loop/kinds.ts";
import { lotOf } from "../loop/lot.ts";
import {
  hold,
  newLoop,
  type Account,
  type Holding,
  type Loop,
  type Part,
  type Purpose,
  type Shell,
} from "../loop/loop.ts";
import { oneOf, type Packer, type Unpacker } from "./packing.ts";

const partNames = Object.keys(partKinds) as PartName[];
const purposes: readonly Purpose[] = ["spirit", "prime"];
const shelves = ["sale", "giveaway", "reserved"] as const;
const seedLength = 32;

/** Whoever is anybody to the loop, in the order in which they came into it. */
export const peopleOf = ({ accounts, held, waiting }: Loop): readonly string[] => [
  ...new Set([...Object.keys(accounts), ...Object.keys(held), ...Object.keys(waiting)]),
];

/** @param era the one it is: food of earlier ones is forgotten. */
export function packLoop(loop: Loop, era: number, packer: Packer, numberOf: (id: string) => number): void {
  packer.bytes(bytesOf(loop.lot.seed));
  packer.count(loop.next);
  packer.count(loop.restocked ? 1 : 0);
  for (const race of races)
    for (const rarity of rarities) for (const shelf of shelves) packer.count(loop.stock[race][rarity][shelf]);
  packer.count(Object.keys(loop.accounts).length);
  for (const [id, account] of Object.entries(loop.accounts)) {
    packer.count(numberOf(id));
    packAccount(account, era, packer);
  }
  const owners = Object.entries(loop.held).filter(([, things]) =>
    Object.values(things).some(({ length }) => length > 0),
  );
  packer.count(owners.length);
  for (const [owner, things] of owners) {
    packer.count(numberOf(owner));
    packHolding(things, packer);
  }
  packer.count(Object.keys(loop.preorders).length);
  for (const { id, owner, race, career } of Object.values(loop.preorders)) {
    packer.count(id);
    packer.count(numberOf(owner));
    packer.count(races.indexOf(race) * careers.length + careers.indexOf(career));
  }
  packDraws(loop, packer);
}

export function unpackLoop(unpacker: Unpacker, whoIs: (number: number) => string): Loop {
  const loop = newLoop(unpacker.bytes(seedLength));
  loop.next = unpacker.count();
  loop.restocked = unpacker.count() === 1;
  for (const race of races)
    for (const rarity of rarities) for (const shelf of shelves) loop.stock[race][rarity][shelf] = unpacker.count();
  unpacker.list(() => {
    const id = whoIs(unpacker.count());
    loop.accounts[id] = unpackAccount(unpacker);
  });
  unpacker.list(() => unpackHolding(loop, whoIs(unpacker.count()), unpacker));
  unpacker.list(() => {
    const id = unpacker.count();
    const owner = whoIs(unpacker.count());
    const kinds = unpacker.count();
    const race = oneOf(races, Math.floor(kinds / careers.length));
    loop.preorders[id] = { id, owner, race, career: oneOf(careers, kinds % careers.length) };
    loop.waiting[owner] = id;
  });
  unpackDraws(loop, unpacker);
  return loop;
}

function packAccount({ pha, spirit, tickets, feeding }: Account, era: number, packer: Packer): void {
  const given = feeding.era === era ? Object.entries(feeding.given) : [];
  packer.count(pha);
  packer.count(spirit ? 1 : 0);
  for (const purpose of purposes) packer.count(1 + (tickets[purpose] ?? -1));
  packer.count(given.length);
  for (const [origin, feeds] of given) {
    packer.count(Number(origin));
    packer.count(feeds);
  }
  if (given.length === 0) return;
  packer.count(era);
  packer.count(feeding.food);
}

function unpackAccount(unpacker: Unpacker): Account {
  const pha = unpacker.count();
  const spirit = unpacker.count() === 1;
  const tickets: Account["tickets"] = {};
  for (const purpose of purposes) {
    const until = unpacker.count() - 1;
    if (until >= 0) tickets[purpose] = until;
  }
  const given = Object.fromEntries(unpacker.list(() => [unpacker.count(), unpacker.count()]));
  const fed = Object.keys(given).length > 0;
  const feeding = { era: fed ? unpacker.count() : 0, food: fed ? unpacker.count() : 0, given };
  return { pha, spirit, tickets, feeding };
}

/** Parts come behind the Shell they belong to, and those that belong to none at the end. */
function packHolding({ origins, shells, parts }: Holding, packer: Packer): void {
  packer.count(origins.length);
  for (const { id, rarity, race, career, energy, since, lot } of origins) {
    packer.count(id);
    packKinds({ rarity, race, career }, packer);
    packer.count(energy);
    packer.count(since === null || lot === null ? 0 : 1);
    if (since === null || lot === null) continue;
    // Below 0 for what began before this hub did.
    packer.whole(since);
    packer.bytes(bytesOf(lot.seed));
  }
  packer.count(shells.length);
  for (const shell of shells) {
    packer.count(shell.id);
    packKinds(shell, packer);
    packer.bytes(bytesOf(shell.seed));
    packer.count(shell.energy);
    packParts(
      parts.filter((part) => part.shell === shell.id),
      shell,
      packer,
    );
  }
  packParts(
    parts.filter((part) => part.shell === null),
    null,
    packer,
  );
}

function unpackHolding(loop: Loop, owner: string, unpacker: Unpacker): void {
  unpacker.list(() => {
    const id = unpacker.count();
    const kinds = unpackKinds(unpacker);
    const energy = unpacker.count();
    const begun = unpacker.count() === 1;
    const since = begun ? unpacker.whole() : null;
    const lot = begun ? lotOf(unpacker.bytes(seedLength)) : null;
    hold(loop, "origins", { id, owner, ...kinds, energy, since, lot });
  });
  unpacker.list(() => {
    const id = unpacker.count();
    const kinds = unpackKinds(unpacker);
    const seed = hexOf(unpacker.bytes(seedLength));
    const shell: Shell = { id, owner, ...kinds, seed, energy: unpacker.count(), worn: {} };
    hold(loop, "shells", shell);
    unpackParts(loop, owner, shell, unpacker);
  });
  unpackParts(loop, owner, null, unpacker);
}

function packParts(parts: readonly Part[], shell: Shell | null, packer: Packer): void {
  packer.count(parts.length);
  for (const { id, name, rarity, gem } of parts) {
    const worn = shell?.worn[partKinds[name].slot] === id;
    const gemNumber = gem === null ? 0 : 1 + gems.indexOf(gem);
    const kinds = (partNames.indexOf(name) * partRarities.length + partRarities.indexOf(rarity)) * (1 + gems.length);
    packer.count(id);
    packer.count(2 * (kinds + gemNumber) + (worn ? 1 : 0));
  }
}

function unpackParts(loop: Loop, owner: string, shell: Shell | null, unpacker: Unpacker): void {
  unpacker.list(() => {
    const id = unpacker.count();
    const packed = unpacker.count();
    const kinds = Math.floor(packed / 2);
    const gemNumber = kinds % (1 + gems.length);
    const named = Math.floor(kinds / (1 + gems.length));
    const name = oneOf(partNames, Math.floor(named / partRarities.length));
    const rarity = oneOf(partRarities, named % partRarities.length);
    hold(loop, "parts", { id, name, rarity, gem: gems[gemNumber - 1] ?? null, owner, shell: shell?.id ?? null });
    if (shell !== null && packed % 2 === 1) shell.worn[partKinds[name].slot] = id;
  });
}

type Kinds = Pick<Shell, "rarity" | "race" | "career">;

const packKinds = ({ rarity, race, career }: Kinds, packer: Packer): void =>
  packer.count(
    (rarities.indexOf(rarity) * races.length + races.indexOf(race)) * careers.length + careers.indexOf(career),
  );

function unpackKinds(unpacker: Unpacker): Kinds {
  const packed = unpacker.count();
  const bred = Math.floor(packed / careers.length);
  return {
    rarity: oneOf(rarities, Math.floor(bred / races.length)),
    race: oneOf(races, bred % races.length),
    career: oneOf(careers, packed % careers.length),
  };
}

/** Numbers of preorders ascend: each by how much it is more than the one before. */
function packDraws({ draws }: Loop, packer: Packer): void {
  packer.count(draws.length);
  for (const { era, seed, preorders, chosen } of draws) {
    packer.count(era);
    packer.bytes(bytesOf(seed));
    packer.count(preorders.length);
    preorders.forEach((id, i) => packer.count(id - (preorders[i - 1] ?? 0)));
    packer.count(chosen.length);
    for (const id of chosen) packer.count(id);
  }
}

function unpackDraws(loop: Loop, unpacker: Unpacker): void {
  unpacker.list(() => {
    const era = unpacker.count();
    const seed = hexOf(unpacker.bytes(seedLength));
    let last = 0;
    const preorders = unpacker.list(() => (last += unpacker.count()));
    loop.draws.push({ era, seed, preorders, chosen: unpacker.list(() => unpacker.count()) });
  });
}
