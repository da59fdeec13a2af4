/**
 * NFTs in NFTs. Every change of owner goes through `attach` and `detach`, which keep holdings, sizes and slots right;
 * every question about ownership through `standingOf`, which walks up at most `treeDepthMax` levels.
 */
import type { AccountId } from "../account.ts";
import type { RefusalCode } from "../errors.ts";
import { treeDepthMax, treeSizeMax, treeWaitingMax } from "../limits.ts";
import { isListed, isNft, type Nft, type State } from "./state.ts";

export interface Standing {
  /** Who owns the tree. */
  readonly owner: AccountId;
  readonly root: Nft;
  /** Levels above it. */
  readonly depth: number;
  /** Whether it, or anything in which it lies, has yet to be accepted. */
  readonly pending: boolean;
}

export function standingOf(nft: Nft): Standing {
  let pending = nft.pending;
  let depth = 0;
  let root = nft;
  while (isNft(root.owner)) {
    root = root.owner;
    pending ||= root.pending;
    depth += 1;
  }
  return { owner: root.owner, root, depth, pending };
}

/** Why this account may not do with this NFT what an owner does; undefined if it may. */
export function ownerRefusal(nft: Nft, caller: AccountId): RefusalCode | undefined {
  const { owner, pending } = standingOf(nft);
  if (owner !== caller) return "not-owner";
  return pending ? "nft-pending" : undefined;
}

/**
 * The same for what changes a tree. One that is for sale stays as it is until it is bought or taken off the list, so
 * that nobody empties what somebody pays for.
 */
export function changeRefusal(nft: Nft, caller: AccountId): RefusalCode | undefined {
  return ownerRefusal(nft, caller) ?? (isListed(standingOf(nft).root) ? "nft-listed" : undefined);
}

/** Why an NFT cannot come to lie in another; undefined if it can. */
export function nestingRefusal(nft: Nft, parent: Nft, pending: boolean): RefusalCode | undefined {
  for (let above: AccountId | Nft = parent; isNft(above); above = above.owner) {
    if (above === nft) return "nests-in-itself";
  }
  const standing = standingOf(parent);
  if (standing.pending) return "nft-pending";
  if (standing.depth + 1 + heightOf(nft, treeDepthMax - standing.depth) > treeDepthMax) return "nested-too-deep";
  const { root } = standing;
  const size = pending ? 0 : nft.size;
  const waiting = pending ? nft.size + nft.waiting : nft.waiting;
  // Within one tree, both were counted already.
  const counted = standingOf(nft).root === root && isNft(nft.owner);
  if (counted) return undefined;
  if (root.size + size > treeSizeMax || root.waiting + waiting > treeWaitingMax) return "tree-too-large";
  return undefined;
}

/** Levels of an NFT's own tree; 1 if nothing lies in it. Looks no further than `enough`, if it can tell by the number. */
function heightOf(nft: Nft, enough: number): number {
  if (nft.children === undefined) return 1;
  if (nft.size + nft.waiting < enough) return nft.size + nft.waiting;
  let deepest = 0;
  for (const child of nft.children) deepest = Math.max(deepest, heightOf(child, enough - 1));
  return deepest + 1;
}

/** Gives an NFT that nobody owns to an account, or puts it into an NFT. */
export function attach(state: State, nft: Nft, owner: AccountId | Nft, pending: boolean): void {
  nft.owner = owner;
  nft.pending = pending;
  if (isNft(owner)) {
    if (owner.children === undefined) owner.children = [nft];
    else owner.children.push(nft);
    resize(owner, nft, 1);
    return;
  }
  const held = state.holdings.get(owner);
  if (held === undefined) state.holdings.set(owner, new Set([nft]));
  else held.add(nft);
}

/** Takes an NFT from its owner, and off if it is equipped. It must be given to somebody, or be forgotten. */
export function detach(state: State, nft: Nft): void {
  const { owner } = nft;
  if (!isNft(owner)) {
    const held = state.holdings.get(owner)!;
    held.delete(nft);
    if (held.size === 0) state.holdings.delete(owner);
    return;
  }
  nft.equipped = undefined;
  const children = owner.children!;
  children[children.indexOf(nft)] = children.at(-1)!;
  children.pop();
  if (children.length === 0) owner.children = undefined;
  resize(owner, nft, -1);
}

/** Marks an NFT as accepted: it waits no longer, and counts. */
export function settle(nft: Nft, parent: Nft): void {
  resize(parent, nft, -1);
  nft.pending = false;
  resize(parent, nft, 1);
}

/** Counts an NFT's tree in all trees in which it lies, or no longer. */
function resize(parent: Nft, nft: Nft, sign: 1 | -1): void {
  let size = nft.pending ? 0 : sign * nft.size;
  let waiting = sign * (nft.pending ? nft.size + nft.waiting : nft.waiting);
  for (let above: AccountId | Nft = parent; isNft(above); above = above.owner) {
    above.size += size;
    above.waiting += waiting;
    if (!above.pending) continue;
    waiting += size;
    size = 0;
  }
}
