/** How an NFT looks: the pictures to draw over each other, the lowest first, with what it wears in its slots. */
import type { Colours } from "../codec/theme.ts";
import type { Resource } from "../codec/resource.ts";
import { slotIdOf, type NftId, type SlotId } from "../ids.ts";
import { isUsed } from "../rules/properties.ts";
import { resourceOf, wornIn, type BaseState, type Nft, type State } from "../state/state.ts";

export interface Composite {
  /** The resource that comes first among those that can be drawn. */
  readonly resource: string;
  readonly layers: readonly Layer[];
  /** Of its theme, under its own. */
  readonly colours: Colours;
}

export interface Layer {
  readonly src: string;
  readonly z: number;
  /** Whose picture it is: the NFT's itself or that of something it wears. */
  readonly nft: NftId;
  /** The part it is drawn for; undefined for an NFT that is one picture. */
  readonly part: string | undefined;
  /** The slot it is worn in; undefined for a part of its own, and for a slot's picture while nothing is worn. */
  readonly slot: SlotId | undefined;
}

const noColours: Colours = new Map();

/** Undefined if there is no such NFT, or it has no resource to draw. */
export function compositeOf(state: State, id: NftId): Composite | undefined {
  const nft = state.nfts.get(id);
  if (nft === undefined) return undefined;
  const resource = firstResource(nft, ({ src, parts }) => src !== undefined || parts !== undefined);
  if (resource === undefined) return undefined;
  return {
    resource: resource.id,
    layers: layersOf(state, nft, resource, 0, undefined, undefined),
    colours: coloursOf(resource, resource.base === undefined ? undefined : state.bases.get(resource.base)),
  };
}

/** @param z at which the NFT itself is drawn: it shows whole, between its wearer's parts. */
function layersOf(
  state: State,
  nft: Nft,
  resource: Resource,
  z: number,
  part: string | undefined,
  slot: SlotId | undefined,
): readonly Layer[] {
  const { base: baseId, parts, src } = resource;
  const base = baseId === undefined ? undefined : state.bases.get(baseId);
  if (base === undefined || parts === undefined) {
    return src === undefined ? [] : [{ src, z, nft: nft.id, part, slot }];
  }
  const drawn = Array.from(base.parts.values(), (one) => one)
    .filter(({ id }) => parts.includes(id))
    // Stable: what has the same z is drawn in the order of the base.
    .sort((a, b) => a.z - b.z);
  const layers = drawn.flatMap((one) => {
    const own = one.src === undefined ? [] : [{ src: one.src, z: one.z, nft: nft.id, part: one.id, slot: undefined }];
    if (one.kind === "fixed") return own;
    const worn = wornLayers(state, nft, slotIdOf(base.id, one.id), one.z, one.id);
    return worn.length === 0 ? own : worn;
  });
  // Worn by something else, it lies where that wears it.
  return slot === undefined
    ? layers
    : layers.map(({ src: picture, nft: of, part: its, slot: inSlot }) => ({
        src: picture,
        z,
        nft: of,
        part: its,
        slot: inSlot,
      }));
}

/** Of what is worn in a slot: its form for that slot. At most as deep as NFTs nest. What was used up is seen no more. */
function wornLayers(state: State, wearer: Nft, slot: SlotId, z: number, part: string): readonly Layer[] {
  const worn = wornIn(wearer, slot);
  if (worn === undefined || isUsed(worn)) return [];
  const resource = firstResource(worn, (one) => one.slot === slot);
  return resource === undefined ? [] : layersOf(state, worn, resource, z, part, slot);
}

/** The accepted resource of highest priority that passes. */
function firstResource(nft: Nft, passes: (resource: Resource) => boolean): Resource | undefined {
  for (const id of nft.priority) {
    const { resource } = resourceOf(nft, id)!;
    if (passes(resource)) return resource;
  }
  return undefined;
}

function coloursOf({ themeId, theme }: Resource, base: BaseState | undefined): Colours {
  const named = themeId === undefined ? undefined : base?.themes.get(themeId)?.colours;
  if (named === undefined) return theme ?? noColours;
  return theme === undefined ? named : new Map([...named, ...theme]);
}
