/** How an item looks, and how it would look with something else in one of its slots. */
import { compositeOf, type Layer } from "#rmrk/queries/composite.ts";
import { slotIdOf, splitSlotId, type NftId, type SlotId } from "#rmrk/ids.ts";
import { resourceOf, wornIn, type Nft, type State } from "#rmrk/state/state.ts";
import { standingOf } from "#rmrk/state/tree.ts";

/** A slot of the form in which an item is drawn. */
export interface SlotPlace {
  readonly slot: SlotId;
  readonly worn: NftId | undefined;
  /** What lies in the item and fits. */
  readonly fitting: readonly NftId[];
}

export interface Figure {
  readonly layers: readonly Layer[];
  readonly slots: readonly SlotPlace[];
}

/** Undefined if there is no such item. Without a form it has no layers. */
export function figureOf(state: State, id: NftId): Figure | undefined {
  const nft = state.nfts.get(id);
  if (nft === undefined) return undefined;
  return { layers: compositeOf(state, id)?.layers ?? [], slots: slotsOf(state, nft) };
}

function slotsOf(state: State, nft: Nft): readonly SlotPlace[] {
  return nft.priority.flatMap((id) => {
    const { base: baseId, parts } = resourceOf(nft, id)!.resource;
    const base = baseId === undefined ? undefined : state.bases.get(baseId);
    if (base === undefined || parts === undefined) return [];
    return parts.flatMap((name) => {
      const part = base.parts.get(name);
      if (part?.kind !== "slot") return [];
      const slot = slotIdOf(base.id, name);
      const takes = ({ collection }: Nft): boolean =>
        part.equippable === "*" || part.equippable.includes(collection.id);
      const fitting = (nft.children ?? []).filter(
        (child) => !child.pending && takes(child) && pictureFor(child, slot) !== undefined,
      );
      const ids = fitting.toSorted((a, b) => a.ordinal - b.ordinal).map((child) => child.id);
      return [{ slot, worn: wornIn(nft, slot)?.id, fitting: ids }];
    });
  });
}

/** Something that could wear an item, and where. */
export interface Wearer {
  readonly on: NftId;
  readonly slot: SlotId;
}

/** Of the same account: all that is made of a base with a slot for which this item has a form, offered or accepted. */
export function wearersOf(state: State, id: NftId): readonly Wearer[] {
  const nft = state.nfts.get(id);
  if (nft === undefined || nft.equipped !== undefined || nft.pending) return [];
  const own = standingOf(nft).owner;
  const slots = new Set(nft.resources.map(({ resource: { slot } }) => slot));
  return [...(state.holdings.get(own) ?? [])]
    .filter((wearer) => wearer !== nft)
    .toSorted((a, b) => a.ordinal - b.ordinal)
    .flatMap((wearer) =>
      slotsIn(state, wearer, nft).flatMap((slot) => (slots.has(slot) ? [{ on: wearer.id, slot }] : [])),
    );
}

/** Slots of all that an item is made of, which take another one. */
function slotsIn({ bases }: State, wearer: Nft, nft: Nft): readonly SlotId[] {
  return wearer.priority.flatMap((name) => {
    const { base: baseId, parts = [] } = resourceOf(wearer, name)!.resource;
    return parts.flatMap((id) => {
      const part = baseId === undefined ? undefined : bases.get(baseId)?.parts.get(id);
      if (part?.kind !== "slot") return [];
      const takes = part.equippable === "*" || part.equippable.includes(nft.collection.id);
      return takes ? [slotIdOf(baseId!, id)] : [];
    });
  });
}

/** What an item looks like in a slot. */
function pictureFor(nft: Nft, slot: SlotId): string | undefined {
  for (const id of nft.priority) {
    const { resource } = resourceOf(nft, id)!;
    if (resource.slot === slot) return resource.src ?? nft.metadata;
  }
  return undefined;
}

/** @param worn instead of what is worn there; undefined: nothing. */
export function layersWith(state: State, { layers }: Figure, slot: SlotId, worn: NftId | undefined): readonly Layer[] {
  const { base, part } = splitSlotId(slot)!;
  const z = state.bases.get(base)?.parts.get(part)?.z ?? 0;
  const others = layers.filter((layer) => layer.part !== part);
  const nft = worn === undefined ? undefined : state.nfts.get(worn);
  const src = nft === undefined ? undefined : pictureFor(nft, slot);
  if (src === undefined || nft === undefined) return others;
  return [...others, { src, z, nft: nft.id, part, slot }].sort((a, b) => a.z - b.z);
}
