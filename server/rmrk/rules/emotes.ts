/** EMOTE: anybody's, on any NFT; the second one takes the first back. */
import type { Emote } from "../codec/emote.ts";
import { emotesMax } from "../limits.ts";
import type { Rule } from "./rule.ts";

export const emote: Rule<Emote> = (state, { caller }, interaction) => {
  if (interaction.namespace !== "RMRK2") return "emote-elsewhere";
  const nft = state.nfts.get(interaction.nft);
  if (nft === undefined) return "nft-unknown";
  const { emote: given } = interaction;
  const from = nft.emotes?.get(given);
  if (from?.has(caller) === true) {
    from.delete(caller);
    if (from.size === 0) nft.emotes!.delete(given);
    return [{ event: "emoted", nft: nft.id, emote: given, given: false }];
  }
  if (from !== undefined) from.add(caller);
  else {
    if (nft.emotes !== undefined && nft.emotes.size >= emotesMax) return "emotes-too-many";
    nft.emotes ??= new Map();
    nft.emotes.set(given, new Set([caller]));
  }
  return [{ event: "emoted", nft: nft.id, emote: given, given: true }];
};
