/** EQUIP: an NFT is worn by the one it lies in, in a slot that takes it, in a form made for that slot. */
import type { Equip } from "../codec/equip.ts";
import type { Resource } from "../codec/resource.ts";
import type { RefusalCode } from "../errors.ts";
import { splitSlotId, type SlotId } from "../ids.ts";
import { isNft, wornIn, type Nft, type State } from "../state/state.ts";
import { changeRefusal } from "../state/tree.ts";
import { isUsed } from "./properties.ts";
import type { Rule } from "./rule.ts";

export const equip: Rule<Equip> = (state, { caller }, { nft: id, slot }) => {
  const nft = state.nfts.get(id);
  if (nft === undefined) return "nft-unknown";
  const refused = changeRefusal(nft, caller);
  if (refused !== undefined) return refused;
  const { owner: parent, equipped } = nft;
  if (slot === undefined) {
    if (equipped === undefined || !isNft(parent)) return "not-equipped";
    nft.equipped = undefined;
    return [{ event: "unequipped", nft: id, on: parent.id, slot: equipped }];
  }
  if (isUsed(nft)) return "nft-used";
  // Whoever is not worn by an NFT has none to be worn by.
  if (!isNft(parent)) return "base-not-used";
  const unfit = slotRefusal(state, nft, parent, slot);
  if (unfit !== undefined) return unfit;
  nft.equipped = slot;
  return [{ event: "equipped", nft: id, on: parent.id, slot }];
};

function slotRefusal(state: State, nft: Nft, parent: Nft, slot: SlotId): RefusalCode | undefined {
  const { base: baseId, part: partId } = splitSlotId(slot)!;
  const part = state.bases.get(baseId)?.parts.get(partId);
  if (part === undefined) return state.bases.has(baseId) ? "part-unknown" : "base-unknown";
  if (part.kind !== "slot") return "part-fixed";
  const wears = has(parent, ({ base, parts }) => base === baseId && parts?.includes(partId) === true);
  if (!wears) return "base-not-used";
  if (!has(nft, (resource) => resource.slot === slot)) return "resource-for-slot-missing";
  if (part.equippable !== "*" && !part.equippable.includes(nft.collection.id)) return "collection-not-equippable";
  if (wornIn(parent, slot) !== undefined) return "slot-taken";
  return nft.equipped === undefined ? undefined : "already-equipped";
}

/** Whether an accepted resource passes. */
const has = ({ resources }: Nft, passes: (resource: Resource) => boolean): boolean =>
  resources.some(({ resource, pending }) => !pending && passes(resource));
