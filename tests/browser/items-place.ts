/** A world with items on a real runtime's chain, and the page of items in front of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Keyring } from "@polkadot/api";
import { developmentChainTerms } from "#cli/chain-terms.ts";
import type { Follower, View } from "#enclave/ledger/follow/follower.ts";
import type { IssuerKey } from "#enclave/reward/issuer-key.ts";
import { addressOf, type CatalogueName } from "#inventory/catalogue/catalogue.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import { accountOf, type AccountId } from "#rmrk/account.ts";
import type { Interaction } from "#rmrk/codec/interaction.ts";
import { baseIdOf, collectionIdOf, nftIdOf, serialText, slotIdOf, type NftId } from "#rmrk/ids.ts";
import { catchUp, DevnetWorld, prefix } from "../enclave/reward/devnet-world.ts";
import { rootFolder } from "../support/folders.ts";
import { askingOf, ItemsPages } from "./items-pages.ts";

const picture = (name: CatalogueName): string =>
  addressOf(readFileSync(join(rootFolder, `client/inventory/catalogue/${name}.svg`)));

/** Bob of the development accounts, who plays. */
export const player = accountOf(hexToBytes("8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48"));
export const playerAddress = new Keyring({ type: "sr25519", ss58Format: prefix }).encodeAddress(hexToBytes(player));

const form = { src: undefined, thumb: undefined, metadata: undefined, themeId: undefined, theme: undefined };

export class ItemsPlace implements AsyncDisposable {
  readonly world: DevnetWorld;
  readonly pages: ItemsPages;
  readonly hero: NftId;
  readonly crown: NftId;
  readonly lantern: NftId;
  readonly voucher = "ab".repeat(32);
  readonly #follower: Follower;

  private constructor(world: DevnetWorld, follower: Follower, pages: ItemsPages, ids: NftId[]) {
    this.world = world;
    this.#follower = follower;
    this.pages = pages;
    [this.hero, this.crown, this.lantern] = ids as [NftId, NftId, NftId];
  }

  static async open(): Promise<ItemsPlace> {
    const world = await DevnetWorld.start();
    const asking = await askingOf(world.net.url);
    const follower = world.newFollower();
    world.chain.newBlock();
    const ids = await tellStory(world, await catchUp(follower), () => catchUp(follower));
    const explorer = "https://explorer.example/block/{hash}";
    const terms = { ...developmentChainTerms(world.chain, explorer), prefix };
    const pages = new ItemsPages("items-page", terms, asking.service, asking.api);
    return new ItemsPlace(world, follower, pages, ids);
  }

  view(): Promise<View> {
    return catchUp(this.#follower);
  }

  async say(key: IssuerKey, ...interactions: readonly Interaction[]): Promise<void> {
    this.world.say(key, await this.view(), ...interactions);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pages[Symbol.asyncDispose]();
    await this.world[Symbol.asyncDispose]();
  }
}

/** A hero of three parts with three slots; a crown in it, a lantern beside it, a cloak that waits to be accepted. */
async function tellStory(world: DevnetWorld, first: View, next: () => Promise<View>): Promise<NftId[]> {
  const { issuer } = world;
  let view = first;
  const say = async (...interactions: readonly Interaction[]): Promise<number> => {
    world.say(issuer, view, ...interactions);
    view = await next();
    return view.block.number;
  };
  const collection = (symbol: string) => collectionIdOf(issuer.account, symbol);
  const create = (symbol: string): Interaction => ({
    op: "CREATE",
    id: collection(symbol),
    issuer: issuer.account,
    symbol,
    max: 0,
    metadata: picture("item"),
  });
  const fixed = (id: CatalogueName, z: number) => ({ kind: "fixed", id, z, src: picture(id) }) as const;
  const slot = (id: string, z: number) =>
    ({ kind: "slot", id, z, equippable: [collection("WEAR")], src: undefined }) as const;
  const parts = [
    fixed("spirit-glow", 0),
    slot("cloak", 5),
    fixed("spirit-body", 10),
    fixed("spirit-face", 20),
    slot("hat", 30),
    slot("hand", 40),
  ];
  const base = baseIdOf(
    await say(create("SPIRIT"), create("WEAR"), {
      op: "BASE",
      issuer: issuer.account,
      symbol: "spirit",
      type: "svg",
      parts,
      themes: new Map(),
      metadata: undefined,
    }),
    "spirit",
  );
  const mint = (symbol: string, name: string, serial: number, recipient: AccountId | NftId, metadata: string) =>
    ({
      op: "MINT",
      collection: collection(symbol),
      symbol: name,
      serial: serialText(serial),
      transferable: 1,
      metadata,
      properties: new Map(
        serial === 1 && symbol === "WEAR"
          ? [["voucher", { type: "string", value: "ab".repeat(32), writer: "nobody" as const }]]
          : [["level", { type: "int", value: 3, writer: "issuer" as const }]],
      ),
      recipient,
    }) as const satisfies Interaction;
  const idOf = (block: number, symbol: string, name: string, serial: number) =>
    nftIdOf(block, collection(symbol), name, serialText(serial));
  const hero = idOf(
    await say(mint("SPIRIT", "spirit", 1, issuer.account, picture("spirit-body"))),
    "SPIRIT",
    "spirit",
    1,
  );
  const wear = await say(
    {
      op: "RESADD",
      nft: hero,
      replaces: undefined,
      resource: { ...form, id: "body", base, parts: parts.map(({ id }) => id), slot: undefined },
    },
    mint("WEAR", "crown", 1, issuer.account, picture("victor-crown")),
    mint("WEAR", "lantern", 2, issuer.account, picture("fog-lantern")),
    mint("WEAR", "cloak", 3, issuer.account, picture("dusk-cloak")),
  );
  const worn = (nft: NftId, name: CatalogueName, part: string): Interaction => ({
    op: "RESADD",
    nft,
    replaces: undefined,
    resource: {
      ...form,
      id: "worn",
      src: picture(name),
      base: undefined,
      parts: undefined,
      slot: slotIdOf(base, part),
    },
  });
  const [crown, lantern, cloak] = [
    idOf(wear, "WEAR", "crown", 1),
    idOf(wear, "WEAR", "lantern", 2),
    idOf(wear, "WEAR", "cloak", 3),
  ];
  await say(
    worn(crown, "victor-crown", "hat"),
    worn(lantern, "fog-lantern", "hand"),
    worn(cloak, "dusk-cloak", "cloak"),
    { op: "SEND", nft: crown, recipient: hero },
    { op: "EQUIP", nft: crown, slot: slotIdOf(base, "hat") },
    { op: "SEND", nft: hero, recipient: player },
    { op: "SEND", nft: lantern, recipient: player },
  );
  // Into somebody else's: it waits to be accepted. And one whose picture nobody here has.
  await say(
    { op: "SEND", nft: cloak, recipient: hero },
    mint("WEAR", "odd_thing", 4, player, "https://tracker.example/who-looks.svg"),
  );
  return [hero, crown, lantern];
}
