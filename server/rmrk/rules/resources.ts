/** RESADD, ACCEPT of a resource, and SETPRIORITY. Issuers offer forms; owners take them and choose. */
import { writeResource, type Resource, type ResourceAdd, type SetPriority } from "../codec/resource.ts";
import type { RefusalCode } from "../errors.ts";
import { splitSlotId } from "../ids.ts";
import { resourcesMax } from "../limits.ts";
import { resourceOf, type BaseState, type Nft, type State } from "../state/state.ts";
import { ownerRefusal, standingOf } from "../state/tree.ts";
import type { Rule, Ruling } from "./rule.ts";

export const resourceAdd: Rule<ResourceAdd> = (state, { caller }, { nft: id, resource, replaces }) => {
  const nft = state.nfts.get(id);
  if (nft === undefined) return "nft-unknown";
  if (nft.collection.issuer !== caller) return "not-issuer";
  const refused = placeRefusal(state, resource);
  if (refused !== undefined) return refused;
  if (resourceOf(nft, resource.id) !== undefined) return "resource-exists";
  if (replaces !== undefined && resourceOf(nft, replaces)?.pending !== false) return "resource-unknown";
  if (nft.resources.length >= resourcesMax) return "resources-too-many";
  const pending = standingOf(nft).owner !== caller;
  const kept = state.shared.once(`resource ${JSON.stringify(writeResource(resource))}`, () => resource);
  nft.resources = [...nft.resources, { resource: kept, pending: true, replaces }];
  const added = { event: "resource-added", nft: id, resource: resource.id, pending } as const;
  if (pending) return [added];
  return [added, ...takePlace(nft, resource.id)];
};

/** What it is made of and where it can be worn must exist. */
function placeRefusal(state: State, { base, parts, slot, themeId }: Resource): RefusalCode | undefined {
  if (base !== undefined) {
    const made = state.bases.get(base);
    if (made === undefined) return "base-unknown";
    if (parts !== undefined && !parts.every((part) => made.parts.has(part))) return "part-unknown";
    if (themeId !== undefined && !made.themes.has(themeId)) return "theme-unknown";
  }
  if (slot === undefined) return undefined;
  const worn = splitSlotId(slot)!;
  return slotRefusal(state.bases.get(worn.base), worn.part);
}

function slotRefusal(base: BaseState | undefined, part: string): RefusalCode | undefined {
  if (base === undefined) return "base-unknown";
  const kind = base.parts.get(part)?.kind;
  if (kind === undefined) return "part-unknown";
  return kind === "slot" ? undefined : "part-fixed";
}

export function acceptResource(nft: Nft, id: string): Ruling {
  if (resourceOf(nft, id)?.pending !== true) return "nothing-pending";
  return [{ event: "resource-accepted", nft: nft.id, resource: id }, ...takePlace(nft, id)];
}

/** Makes a pending resource one of the NFT's: in the place of another if that is still there, else last. */
function takePlace(nft: Nft, id: string): Exclude<Ruling, string> {
  const { resource, replaces } = resourceOf(nft, id)!;
  const replaced = replaces === undefined ? undefined : resourceOf(nft, replaces);
  const taken = replaced?.pending === false;
  const others = nft.resources.filter((other) => other.resource.id !== id && !(taken && other === replaced));
  nft.resources = [...others, { resource, pending: false, replaces: undefined }];
  if (!taken) {
    nft.priority = [...nft.priority, id];
    return [];
  }
  nft.priority = nft.priority.map((other) => (other === replaces ? id : other));
  return [{ event: "resource-replaced", nft: nft.id, resource: replaces! }];
}

export const setPriority: Rule<SetPriority> = (state, { caller }, { nft: id, resources }) => {
  const nft = state.nfts.get(id);
  if (nft === undefined) return "nft-unknown";
  const refused = ownerRefusal(nft, caller);
  if (refused !== undefined) return refused;
  // The list names nothing twice, so equally long ones that hold the same are the same.
  const complete = resources.length === nft.priority.length && nft.priority.every((one) => resources.includes(one));
  if (!complete) return "priority-incomplete";
  nft.priority = resources;
  return [{ event: "priority-set", nft: id }];
};
