/** An item of the owner's own collections for an account, with all forms that its collection has: a character, for one. */
import { Dressing } from "#enclave/reward/dressing.ts";
import type { AccountId } from "#rmrk/account.ts";
import { decodeRemark, type Interaction } from "#rmrk/codec/interaction.ts";
import { collectionIdOf, isSymbol, serialText, symbolOf, type NftId } from "#rmrk/ids.ts";
import { collectionSizeMax } from "#rmrk/limits.ts";
import type { Nft, State } from "#rmrk/state/state.ts";
import { ItemsError } from "../items/items-error.ts";
import type { ItemKey } from "../items/key.ts";
import type { WorldChain } from "./init-world.ts";
import type { WorldItems } from "./world-file.ts";

export interface Gift {
  /** The symbol of one of the owner's collections. */
  readonly collection: string;
  readonly symbol: string;
  readonly to: AccountId;
}

/**
 * Made for the owner, then given its forms and sent, as one: whoever receives it has nothing to accept. One that was made,
 * and not sent because something stopped, is sent the next time.
 *
 * @throws ItemsError.
 */
export async function giveItem(chain: WorldChain, world: WorldItems, gift: Gift, key: ItemKey): Promise<NftId> {
  const { collection, symbol, to } = gift;
  const terms = Object.hasOwn(world.collections, collection) ? world.collections[collection] : undefined;
  if (terms === undefined) throw new ItemsError(`${collection} is none of this world's own collections.`);
  if (!isSymbol(symbol)) throw new ItemsError(`${symbol} is no symbol: letters, digits and _.`);
  const { owner } = world;
  const id = collectionIdOf(owner, collection);
  const unsent = ({ items }: { readonly items: State }): Nft | undefined =>
    [...(items.holdings.get(owner) ?? [])].find((nft) => nft.collection.id === id && symbolOf(nft.id) === symbol);
  let view = await chain.view();
  if (unsent(view) === undefined) {
    const serial = nextSerial(view.items, id);
    const mint: Interaction = {
      op: "MINT",
      collection: id,
      symbol,
      serial,
      transferable: 1,
      metadata: terms.metadata,
      properties: new Map(),
      recipient: undefined,
    };
    view = await chain.act({ interactions: [mint], payments: [] }, key, (now) => unsent(now) !== undefined);
  }
  const { id: nft } = unsent(view)!;
  const dressing = new Dressing({ issuer: owner, collections: { [collection]: terms }, owner });
  const forms = dressing.next(view.items).map((remark) => decodeRemark(remark, view.items.prefix));
  const own = forms.filter((said) => said.op === "RESADD" && said.nft === nft);
  const send: Interaction = { op: "SEND", nft, recipient: to };
  await chain.act(
    { interactions: [...own, send], payments: [] },
    key,
    ({ items }) => items.nfts.get(nft)?.owner === to,
  );
  return nft;
}

function nextSerial({ collections }: State, id: ReturnType<typeof collectionIdOf>): string {
  const found = collections.get(id);
  if (found === undefined) throw new ItemsError(`${id} is not on the chain yet. \`phatroom world init\` creates it.`);
  const max = found.max === 0 ? collectionSizeMax : found.max;
  let serial = found.serials.size + 1;
  while (found.serials.has(serial)) serial++;
  if (found.serials.size >= max || serial > collectionSizeMax)
    throw new ItemsError(`${id} has no room for another item.`);
  return serialText(serial);
}
