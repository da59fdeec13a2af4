/** What of a world's items is on the chain, and what is missing: read from proven state, so that it can be asked again. */
import type { View } from "#enclave/ledger/follow/follower.ts";
import type { AccountId } from "#rmrk/account.ts";
import type { Act } from "#rmrk/acts.ts";
import type { Base, Part } from "#rmrk/codec/base.ts";
import type { Create } from "#rmrk/codec/collection.ts";
import type { Interaction } from "#rmrk/codec/interaction.ts";
import { collectionIdOf, type CollectionId } from "#rmrk/ids.ts";
import type { BaseState, State } from "#rmrk/state/state.ts";
import { ItemsError } from "../items/items-error.ts";
import type { Found, Told } from "./rounds.ts";
import type { WorldItems } from "./world-file.ts";

export interface Step extends Told {
  readonly act: Act;
}

/** @throws ItemsError if what is there cannot become what is wanted. */
export function surveyOf(view: Pick<View, "items" | "funds">, wanted: WorldItems): Found<Step> {
  const there: string[] = [];
  const missing: Step[] = [];
  const note = (found: string | Step): void => {
    if (typeof found === "string") there.push(found);
    else missing.push(found);
  };
  for (const [symbol, terms] of Object.entries(wanted.collections))
    note(collectionStep(view.items, wanted, symbol, terms));
  for (const base of wanted.bases) note(baseStep(view.items, base));
  for (const [contract, account] of wanted.issuers) {
    const funds = view.funds.get(account) ?? 0n;
    // Fees make it less with each transaction: half is enough.
    if (funds * 2n >= wanted.funds) there.push(`The issuer of ${contract} can pay fees.`);
    else missing.push(step(`Pay the issuer of ${contract} what it needs for fees`, [], account, wanted.funds - funds));
  }
  return { there, missing };
}

function step(says: string, interactions: readonly Interaction[], to?: AccountId, amount = 0n): Step {
  return { says, act: { interactions, payments: to === undefined ? [] : [{ to, amount }] } };
}

function collectionStep(
  items: State,
  { owner }: WorldItems,
  symbol: string,
  { max, metadata }: { readonly max: number; readonly metadata: string },
): string | Step {
  const id: CollectionId = collectionIdOf(owner, symbol);
  const found = items.collections.get(id);
  const create: Create = { op: "CREATE", id, issuer: owner, symbol, max, metadata };
  if (found === undefined) return step(`Create the collection ${id}`, [create]);
  if (found.creator !== owner) throw new ItemsError(`${id} is taken: another account has created it.`);
  if (found.destroyed) throw new ItemsError(`${id} was destroyed, and its id stays taken. Choose another symbol.`);
  if (found.issuer !== owner) throw new ItemsError(`${id} is issued by another account now.`);
  if (found.max !== max || found.metadata !== metadata) {
    throw new ItemsError(
      `${id} is there with another size or description, which cannot be changed. Choose another symbol.`,
    );
  }
  return `The collection ${id} is there.`;
}

function baseStep({ bases }: State, wanted: Base): string | Step {
  // As the enclave looks for it: the first one.
  const found = [...bases.values()].find(({ issuer, symbol }) => issuer === wanted.issuer && symbol === wanted.symbol);
  if (found === undefined) return step(`Create the base "${wanted.symbol}"`, [wanted]);
  if (!sameParts(found, wanted)) {
    throw new ItemsError(
      `The base ${found.id} is there with other parts, which cannot be changed. Choose another symbol.`,
    );
  }
  const changes = wanted.parts.flatMap((part) => equippableChange(found, part) ?? []);
  if (changes.length === 0) return `The base ${found.id} is there.`;
  return step(`Let slots of the base ${found.id} take what they do not take yet`, changes);
}

/** All but what slots take, which can be changed. */
function sameParts(found: BaseState, { type, parts }: Base): boolean {
  const outline = (part: Part): string => JSON.stringify([part.kind, part.id, part.z, part.src ?? null]);
  const before = [...found.parts.values()].map(outline);
  return found.type === type && before.length === parts.length && parts.every((part, i) => outline(part) === before[i]);
}

/** What a slot takes beyond that is left to it. */
function equippableChange({ id: base, parts }: BaseState, wanted: Part): Interaction | undefined {
  const found = parts.get(wanted.id);
  if (wanted.kind !== "slot" || found?.kind !== "slot" || found.equippable === "*") return undefined;
  const { equippable } = wanted;
  if (equippable === "*") return { op: "EQUIPPABLE", base, part: wanted.id, change: "set", collections: "*" };
  const collections = equippable.filter((one) => !found.equippable.includes(one));
  if (collections.length === 0) return undefined;
  return { op: "EQUIPPABLE", base, part: wanted.id, change: "add", collections };
}
