/** What is true of every state, whatever was said on chain. Tests hold the rules to it, and snapshots are held to it. */
import { collectionIdOf, serialOf, splitSlotId } from "../ids.ts";
import { collectionSizeMax, resourcesMax, treeDepthMax, treeSizeMax, treeWaitingMax } from "../limits.ts";
import { isNft, type Collection, type Nft, type State } from "./state.ts";

/** The first thing that is not as it must be, for whoever looks for the fault; undefined if all is. */
export function faultOf(state: State): string | undefined {
  const live = new Map<Collection, Set<number>>();
  let last = -1;
  for (const [id, nft] of state.nfts) {
    if (id !== nft.id || nft.ordinal <= last || nft.ordinal >= state.minted) return `${id} is out of order`;
    last = nft.ordinal;
    const fault = ownershipFault(state, nft) ?? nestingFault(nft) ?? wearingFault(state, nft) ?? formFault(nft);
    if (fault !== undefined) return `${id} ${fault}`;
    const serials = live.get(nft.collection) ?? new Set();
    if (serials.has(serialOf(id))) return `${id} was issued twice`;
    live.set(nft.collection, serials.add(serialOf(id)));
  }
  for (const [id, collection] of state.collections) {
    const fault = collectionFault(collection, live.get(collection)?.size ?? 0);
    if (id !== collection.id || fault !== undefined) return `${id} ${fault}`;
  }
  return holdingsFault(state);
}

/** One owner, who knows of it. */
function ownershipFault(state: State, nft: Nft): string | undefined {
  const { owner, collection } = nft;
  if (state.collections.get(collection.id) !== collection) return "is of no collection";
  if (!collection.serials.has(serialOf(nft.id))) return "was never issued";
  if (isNft(owner)) {
    if (state.nfts.get(owner.id) !== owner) return "lies in nothing";
    return owner.children?.includes(nft) === true ? undefined : "lies where nobody knows of it";
  }
  if (nft.pending) return "waits for nobody";
  return state.holdings.get(owner)?.has(nft) === true ? undefined : "is owned by somebody who does not know";
}

/** No cycles, no more levels and no more NFTs than there may be. */
function nestingFault(nft: Nft): string | undefined {
  let level = 1;
  for (let above = nft.owner; isNft(above); above = above.owner) {
    if (++level > treeDepthMax) return "nests too deep";
  }
  let [size, waiting] = [1, 0];
  for (const child of nft.children ?? []) {
    if (child.owner !== nft) return "holds what is elsewhere";
    size += child.pending ? 0 : child.size;
    waiting += child.waiting + (child.pending ? child.size : 0);
  }
  if (nft.children?.length === 0) return "holds an empty list";
  if (nft.size !== size || nft.waiting !== waiting) return "is counted wrongly";
  return size > treeSizeMax || waiting > treeWaitingMax ? "is too large" : undefined;
}

/** What is equipped is an accepted child, in a slot of a base, alone there. */
function wearingFault(state: State, nft: Nft): string | undefined {
  const slots = (nft.children ?? []).flatMap(({ equipped }) => equipped ?? []);
  if (new Set(slots).size !== slots.length) return "wears two in one slot";
  if (nft.equipped === undefined) return undefined;
  if (!isNft(nft.owner) || nft.pending) return "is worn by nobody";
  const { base, part } = splitSlotId(nft.equipped)!;
  return state.bases.get(base)?.parts.get(part)?.kind === "slot" ? undefined : "is worn in no slot";
}

/** The priority names each accepted resource once; what is for sale is an account's. */
function formFault(nft: Nft): string | undefined {
  const { resources } = nft;
  const accepted = resources.filter(({ pending }) => !pending);
  const named = new Set(nft.priority);
  if (resources.length > resourcesMax || nft.priority.length !== accepted.length) return "has the wrong priority";
  if (named.size !== accepted.length || !accepted.every(({ resource }) => named.has(resource.id))) {
    return "has the wrong priority";
  }
  return nft.listing !== undefined && nft.listing.price > 0n && isNft(nft.owner)
    ? "is for sale inside another"
    : undefined;
}

function collectionFault(collection: Collection, live: number): string | undefined {
  const { id, creator, symbol, max, serials, destroyed } = collection;
  if (id !== collectionIdOf(creator, symbol)) return "has another's id";
  if (serials.size > (max === 0 ? collectionSizeMax : max)) return "issued more than it may";
  if (collection.live !== live || live > serials.size) return "counts wrongly";
  return destroyed && live > 0 ? "was destroyed and lives" : undefined;
}

function holdingsFault({ holdings, nfts }: State): string | undefined {
  for (const [account, held] of holdings) {
    if (held.size === 0) return `${account} holds an empty set`;
    for (const nft of held) {
      if (nft.owner !== account || nfts.get(nft.id) !== nft) return `${account} holds what is elsewhere`;
    }
  }
  return undefined;
}
