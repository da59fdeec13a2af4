/** What a state and a model must agree on, as one value each. */
import { serialOf, serialText } from "#rmrk/ids.ts";
import { nameOfOwner, type State } from "#rmrk/state/state.ts";
import type { Model } from "./model.ts";

const sorted = <T extends { readonly id: string }>(list: readonly T[]): readonly T[] =>
  list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
const byId = (
  a: { readonly resource: { readonly id: string } },
  b: { readonly resource: { readonly id: string } },
): number => (a.resource.id < b.resource.id ? -1 : 1);

export const viewOfState = (state: State): unknown => ({
  collections: sorted(
    Array.from(state.collections.values(), ({ id, creator, issuer, max, locked, destroyed }) => ({
      id,
      creator,
      issuer,
      max: max === 0 ? 99_999_999 : max,
      open: !locked,
      gone: destroyed,
    })),
  ),
  bases: sorted(
    Array.from(state.bases.values(), ({ id, issuer, parts, themes }) => ({
      id,
      issuer,
      parts: Array.from(parts.values()),
      themes: Object.fromEntries(themes),
    })),
  ),
  nfts: sorted(
    Array.from(state.nfts.values(), (nft) => ({
      id: nft.id as string,
      collection: nft.collection.id as string,
      minted: nft.block,
      transferable: nft.transferable,
      owner: nameOfOwner(nft.owner) as string,
      pending: nft.pending,
      equipped: nft.equipped ?? "",
      price: nft.listing?.price ?? 0n,
      listed: nft.listing?.block ?? -1,
      properties: Object.fromEntries(nft.properties ?? []),
      resources: nft.resources.toSorted(byId),
      priority: [...nft.priority],
      emotes: Array.from(nft.emotes ?? [])
        .flatMap(([emote, from]) => Array.from(from, (one) => `${emote} ${one}`))
        .sort(),
    })),
  ),
  issued: Array.from(state.collections.values())
    .flatMap(({ id, serials }) => Array.from(serials, (serial) => `${id} ${serialText(serial)}`))
    .sort(),
  vouchers: Array.from(state.vouchers)
    .flatMap(([creator, vouchers]) => Array.from(vouchers, (voucher) => `${creator} "${voucher}"`))
    .sort(),
  holdings: Array.from(state.holdings.values()).reduce((sum, { size }) => sum + size, 0),
  serials: Array.from(state.nfts.keys(), serialOf).length,
});

export const viewOfModel = (model: Model): unknown => ({
  collections: sorted(model.collections),
  bases: sorted(model.bases),
  nfts: sorted(
    model.nfts.map((nft) => ({ ...nft, resources: nft.resources.toSorted(byId), emotes: nft.emotes.toSorted() })),
  ),
  issued: model.issued.toSorted(),
  vouchers: model.vouchers.toSorted(),
  holdings: model.nfts.filter(({ owner }) => model.nft(owner) === undefined).length,
  serials: model.nfts.length,
});
