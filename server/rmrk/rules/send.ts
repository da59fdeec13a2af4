/** SEND, ACCEPT and BURN: to an account at once, into somebody else's NFT when its owner accepts. */
import type { AccountId } from "../account.ts";
import type { Accept, Burn, Send } from "../codec/nft.ts";
import { isAccount, type Recipient } from "../codec/values.ts";
import type { ItemEvent } from "../events.ts";
import type { RefusalCode } from "../errors.ts";
import type { NftId } from "../ids.ts";
import { treeSizeMax } from "../limits.ts";
import { childrenOf, isListed, isNft, nameOfOwner, type Nft, type State } from "../state/state.ts";
import { attach, changeRefusal, detach, nestingRefusal, ownerRefusal, settle, standingOf } from "../state/tree.ts";
import { acceptResource } from "./resources.ts";
import type { Rule } from "./rule.ts";

export const send: Rule<Send> = (state, { block, caller }, { nft: id, recipient }) => {
  const nft = state.nfts.get(id);
  if (nft === undefined) return "nft-unknown";
  const refused = changeRefusal(nft, caller);
  if (refused !== undefined) return refused;
  if (nft.equipped !== undefined) return "nft-equipped";
  if (!isTransferable(nft, block)) return "nft-not-transferable";
  return move(state, nft, recipient, caller);
};

/**
 * Gives an NFT to another owner, if it can be there.
 *
 * @param caller whoever owns it by then: into an NFT of somebody else it goes only when that one accepts.
 */
export function move(
  state: State,
  nft: Nft,
  recipient: Recipient,
  caller: AccountId,
): readonly ItemEvent[] | RefusalCode {
  const target = isAccount(recipient) ? recipient : state.nfts.get(recipient);
  if (target === undefined) return "recipient-unknown";
  const pending = isNft(target) && standingOf(target).owner !== caller;
  const misplaced = isNft(target) ? nestingRefusal(nft, target, pending) : undefined;
  if (misplaced !== undefined) return misplaced;
  const from = nameOfOwner(nft.owner);
  detach(state, nft);
  attach(state, nft, target, pending);
  return [{ event: "sent", nft: nft.id, from, owner: recipient, pending }];
}

/** 1: always; 0: never; more: from that block on; less: for so many blocks after the MINT. */
export const isTransferable = ({ transferable, block: minted }: Nft, block: number): boolean =>
  transferable > 0 ? transferable === 1 || block >= transferable : transferable < 0 && block <= minted - transferable;

export const accept: Rule<Accept> = (state, { caller }, interaction) => {
  const nft = state.nfts.get(interaction.nft);
  if (nft === undefined) return "nft-unknown";
  const refused = ownerRefusal(nft, caller);
  if (refused !== undefined) return refused;
  return interaction.entity === "NFT"
    ? acceptChild(state, nft, interaction.child)
    : acceptResource(nft, interaction.resource);
};

function acceptChild(state: State, nft: Nft, id: NftId): readonly ItemEvent[] | RefusalCode {
  const child = state.nfts.get(id);
  if (child === undefined) return "nft-unknown";
  if (child.owner !== nft || !child.pending) return "nothing-pending";
  if (standingOf(nft).root.size + child.size > treeSizeMax) return "tree-too-large";
  settle(child, nft);
  return [{ event: "accepted", nft: id }];
}

/** With everything in it. What waits to be accepted is burned by whom it was sent to: that is how it is rejected. */
export const burn: Rule<Burn> = (state, { caller }, interaction) => {
  const nft = state.nfts.get(interaction.nft);
  if (nft === undefined) return "nft-unknown";
  const rejected = nft.pending && isNft(nft.owner) ? nft.owner : undefined;
  const refused = ownerRefusal(rejected ?? nft, caller);
  if (refused !== undefined) return refused;
  // A listing may be emptied of what nobody has accepted.
  if (rejected === undefined && isListed(standingOf(nft).root)) return "nft-listed";
  const owner = nameOfOwner(nft.owner);
  detach(state, nft);
  const events: ItemEvent[] = [];
  forget(state, nft, owner, events);
  return events;
};

/** At most `treeDepthMax` levels deep, and `treeSizeMax` plus `treeWaitingMax` NFTs. */
function forget(state: State, nft: Nft, owner: Recipient, events: ItemEvent[]): void {
  for (const child of childrenOf(nft)) forget(state, child, nft.id, events);
  state.nfts.delete(nft.id);
  nft.collection.live -= 1;
  events.push({ event: "burned", nft: nft.id, owner });
}
