/** One NFT in a snapshot. Whose it is, is written by the owner's place among all NFTs. */
import { accountBytes, type AccountId } from "../account.ts";
import { isEmote } from "../codec/emote.ts";
import type { Json } from "../codec/json.ts";
import { readProperties, writeProperties, type Properties } from "../codec/property.ts";
import { readResource, writeResource, type Resource } from "../codec/resource.ts";
import { isUri } from "../codec/values.ts";
import { isName, isSlotId, isSymbol, nftIdOf, serialOf, serialText, symbolOf, type CollectionId } from "../ids.ts";
import { blockMax, collectionSizeMax, emotesMax, resourcesMax, treeDepthMax } from "../limits.ts";
import { malformed, type Reader, type Writer } from "./bytes.ts";
import { readAccount, readAmount, readAs, sortedEntries } from "./snapshot-values.ts";
import { isNft, type Nft, type State, type StoredResource } from "./state.ts";
import { attach } from "./tree.ts";

export function writeNft(writer: Writer, nft: Nft, indices: ReadonlyMap<Nft, number>): void {
  const { owner, transferable, listing, properties } = nft;
  writer.number(nft.block);
  writer.word(nft.collection.id);
  writer.word(symbolOf(nft.id));
  writer.number(serialOf(nft.id));
  writer.number(nft.ordinal);
  writer.number(transferable < 0 ? -2 * transferable - 1 : 2 * transferable);
  writer.optional(nft.metadata, (metadata) => writer.word(metadata));
  writer.flag(isNft(owner));
  if (isNft(owner)) writer.number(indices.get(owner)!);
  else writer.bytes(accountBytes(owner));
  writer.flag(nft.pending);
  writer.optional(nft.equipped, (slot) => writer.word(slot));
  writer.optional(listing, ({ price, block }) => {
    writer.text(String(price));
    writer.number(block);
  });
  writer.optional(properties, (present) => writer.text(textOfProperties(present)));
  writeResources(writer, nft);
  const emotes = sortedEntries(nft.emotes ?? new Map<string, Set<AccountId>>());
  writer.number(emotes.length);
  for (const [emote, from] of emotes) {
    writer.word(emote);
    writer.number(from.size);
    for (const account of Array.from(from).sort()) writer.bytes(accountBytes(account));
  }
}

export interface Row {
  readonly nft: Nft;
  /** Gives it to its owner, once all NFTs are known. */
  place(nfts: readonly Nft[]): void;
}

/** @throws RmrkError "snapshot-malformed", or a code of reading. */
export function readNft(reader: Reader, state: State, count: number): Row {
  const block = reader.number(blockMax);
  const collection = state.collections.get(reader.word() as CollectionId);
  if (collection === undefined) throw malformed("collection");
  const symbol = reader.word();
  if (!isSymbol(symbol)) throw malformed("symbol");
  const id = nftIdOf(block, collection.id, symbol, serialText(reader.number(collectionSizeMax)));
  if (state.nfts.has(id)) throw malformed("the same id twice");
  const ordinal = reader.number();
  const zigzag = reader.number(2 * blockMax);
  const transferable = zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
  const metadata = reader.optional(() => reader.word());
  if (metadata !== undefined && !isUri(metadata)) throw malformed("metadata");
  const owner = reader.flag() ? reader.number(count - 1) : readAccount(reader);
  const pending = reader.flag();
  const equipped = reader.optional(() => reader.word());
  if (equipped !== undefined && !isSlotId(equipped)) throw malformed("slot");
  const listing = reader.optional(() => ({ price: readAmount(reader), block: reader.number(blockMax) }));
  const properties = reader.optional(() => {
    const read = (tree: Json): Properties => readProperties(tree, state.prefix);
    return readAs(reader.text(), read, textOfProperties);
  });
  const { resources, priority } = readResources(reader, state);
  const emotes = readEmotes(reader);
  const nft: Nft = {
    id,
    ordinal,
    block,
    collection,
    transferable,
    metadata,
    owner: collection.issuer,
    pending: false,
    equipped: undefined,
    listing,
    children: undefined,
    size: 1,
    waiting: 0,
    properties,
    resources,
    priority,
    emotes,
  };
  state.nfts.set(id, nft);
  return {
    nft,
    place(nfts) {
      const above = typeof owner === "number" ? nfts[owner]! : owner;
      checkAbove(nft, above);
      attach(state, nft, above, pending);
      nft.equipped = equipped;
    },
  };
}

/** Whoever walks up later must come to an end. */
function checkAbove(nft: Nft, owner: AccountId | Nft): void {
  let above = owner;
  for (let level = 1; isNft(above); level++) {
    if (above === nft || level >= treeDepthMax) throw malformed("nesting");
    above = above.owner;
  }
}

function writeResources(writer: Writer, nft: Nft): void {
  const resources = nft.resources.toSorted((a, b) => (a.resource.id < b.resource.id ? -1 : 1));
  writer.number(resources.length);
  for (const { resource, pending, replaces } of resources) {
    writer.word(textOfResource(resource));
    writer.flag(pending);
    writer.optional(replaces, (id) => writer.word(id));
  }
  const indices = new Map(resources.map(({ resource }, index) => [resource.id, index]));
  for (const id of nft.priority) writer.number(indices.get(id)!);
}

function readResources(reader: Reader, { shared }: State): Pick<Nft, "resources" | "priority"> {
  const list: StoredResource[] = [];
  for (let left = reader.count(resourcesMax); left > 0; left--) {
    const text = reader.word();
    const resource = shared.once(`resource ${text}`, () => readAs(text, readResource, textOfResource));
    if (list.length > 0 && resource.id <= list.at(-1)!.resource.id) throw malformed("order");
    const pending = reader.flag();
    const replaces = reader.optional(() => reader.word());
    if (replaces !== undefined && (!pending || !isName(replaces))) throw malformed("resource");
    list.push({ resource, pending, replaces });
  }
  const accepted = list.filter(({ pending }) => !pending).length;
  const priority = Array.from({ length: accepted }, () => {
    const chosen = list[reader.number(list.length - 1)]!;
    if (chosen.pending) throw malformed("priority");
    return chosen.resource.id;
  });
  if (new Set(priority).size !== priority.length) throw malformed("priority");
  return { resources: list, priority };
}

const textOfResource = (resource: Resource): string => JSON.stringify(writeResource(resource));
const textOfProperties = (properties: Properties): string =>
  JSON.stringify(writeProperties(new Map(sortedEntries(properties))));

function readEmotes(reader: Reader): Nft["emotes"] {
  const emotes = new Map<string, Set<AccountId>>();
  let lastEmote = "";
  for (let left = reader.count(emotesMax); left > 0; left--) {
    const emote = reader.word();
    if (!isEmote(emote) || emote <= lastEmote) throw malformed("emote");
    lastEmote = emote;
    const from = new Set<AccountId>();
    let last = "";
    for (let rest = reader.count(); rest > 0; rest--) {
      const account = readAccount(reader);
      if (account <= last) throw malformed("order");
      from.add(account);
      last = account;
    }
    if (from.size === 0) throw malformed("emote");
    emotes.set(emote, from);
  }
  return emotes.size === 0 ? undefined : emotes;
}
