/**
 * Somebody says something: often what they may, often nearly. Drawn from a state, so that there is something to say it
 * about; every draw can come out legal or not.
 */
import { encodeAddress, type AccountId } from "#rmrk/account.ts";
import type { Interaction } from "#rmrk/codec/interaction.ts";
import type { Property } from "#rmrk/codec/property.ts";
import { baseIdOf, collectionIdOf, nftIdOf, slotIdOf, type BaseId, type CollectionId, type NftId } from "#rmrk/ids.ts";
import { paymentsFor } from "#rmrk/queries/inventory.ts";
import type { Transfer } from "#rmrk/remark.ts";
import type { Nft, State } from "#rmrk/state/state.ts";
import { standingOf } from "#rmrk/state/tree.ts";
import type { SeededNumbers } from "../../deep/deep.ts";
import { fixed, metadata, mintOf, resourceOf, slot } from "./making.ts";
import { alice, bob, charlie, dave, people, prefix } from "./people.ts";

export interface Saying {
  readonly caller: AccountId;
  readonly interaction: Interaction;
  readonly transfers: readonly Transfer[];
  /** Blocks since the last one; 0: the same block, and sometimes the same extrinsic. */
  readonly blocks: number;
  readonly sameExtrinsic: boolean;
}

/** Three collections and two bases, of which one has themes: what takes many remarks to come to by chance. */
export function prelude(): readonly Saying[] {
  const say = (caller: AccountId, interaction: Interaction): Saying => ({
    caller,
    interaction,
    transfers: [],
    blocks: 0,
    sameExtrinsic: false,
  });
  const [heroes, swords] = ["HERO", "SWORD"].map((symbol) => collectionIdOf(alice, symbol)) as [
    CollectionId,
    CollectionId,
  ];
  const create = (issuer: AccountId, symbol: string, max: number): Saying =>
    say(issuer, { op: "CREATE", id: collectionIdOf(issuer, symbol), issuer, symbol, max, metadata });
  const parts = [
    fixed("skin", 0),
    slot("hand", 1, [swords]),
    slot("head", 2, "*"),
    slot("back", 3, []),
    slot("tail", 4, "*"),
  ];
  const base = baseIdOf(1, "body");
  const hand = slotIdOf(base, "hand");
  const [hero, sword] = [nftIdOf(1, heroes, "item", "00000001"), nftIdOf(1, swords, "item", "00000001")];
  const more = { src: "ipfs://ipfs/picture" } as const;
  return [
    create(alice, "HERO", 0),
    create(alice, "SWORD", 3),
    create(dave, "JUNK", 0),
    say(alice, {
      op: "BASE",
      issuer: alice,
      symbol: "body",
      type: "svg",
      parts,
      themes: new Map(),
      metadata: undefined,
    }),
    say(alice, mintOf(heroes, 1, bob)),
    say(alice, mintOf(swords, 1, bob)),
    say(alice, {
      op: "RESADD",
      nft: hero,
      resource: resourceOf({ id: "body", base, parts: ["skin", "hand", "head"] }),
      replaces: undefined,
    }),
    say(alice, {
      op: "RESADD",
      nft: sword,
      resource: resourceOf({ id: "held", slot: hand, ...more }),
      replaces: undefined,
    }),
    say(bob, { op: "ACCEPT", nft: hero, entity: "RES", resource: "body" }),
    say(bob, { op: "ACCEPT", nft: sword, entity: "RES", resource: "held" }),
    say(bob, { op: "SEND", nft: sword, recipient: hero }),
  ];
}

type Draw = (world: World) => Pick<Saying, "interaction"> & Partial<Saying>;

/** A state, and random choices from it. */
class World {
  readonly numbers: SeededNumbers;
  readonly state: State;
  readonly block: number;

  constructor(numbers: SeededNumbers, state: State, block: number) {
    this.numbers = numbers;
    this.state = state;
    this.block = block;
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.numbers.below(times) === 0;
  }

  person = (): AccountId => this.numbers.pick(people);
  nft = (): Nft | undefined => this.#any(this.state.nfts);
  nftId = (): NftId =>
    (this.once(30) ? undefined : this.nft()?.id) ?? nftIdOf(9, collectionIdOf(bob, "NONE"), "item", "00000009");
  collection = (): CollectionId =>
    (this.once(30) ? undefined : this.#any(this.state.collections)?.id) ?? collectionIdOf(bob, "NONE");
  base = (): BaseId => (this.once(30) ? undefined : this.#any(this.state.bases)?.id) ?? baseIdOf(9, "none");
  recipient = (): AccountId | NftId => (this.once(2) ? this.person() : this.nftId());
  part = (): string => this.numbers.pick(["skin", "hand", "head", "back", "tail", "none"]);
  resource = (): string => this.numbers.pick(["body", "held", "hat", "a", "b"]);

  /** Whoever owns it, mostly. */
  ownerOf(id: NftId): AccountId {
    const nft = this.state.nfts.get(id);
    return nft === undefined || this.once(5) ? this.person() : standingOf(nft).owner;
  }

  /** Whoever issues it, mostly. */
  issuerOf(id: CollectionId | BaseId | NftId): AccountId {
    const issuer =
      this.state.collections.get(id as CollectionId)?.issuer ??
      this.state.bases.get(id as BaseId)?.issuer ??
      this.state.nfts.get(id as NftId)?.collection.issuer;
    return issuer === undefined || this.once(5) ? this.person() : issuer;
  }

  #any<Entry>(entries: ReadonlyMap<string, Entry>): Entry | undefined {
    return entries.size === 0 ? undefined : this.numbers.pick(Array.from(entries.values()));
  }
}

const draws: readonly Draw[] = [
  ...Array<Draw>(5).fill(drawMint),
  ...Array<Draw>(8).fill((world) => {
    const nft = world.nftId();
    return { caller: world.ownerOf(nft), interaction: { op: "SEND", nft, recipient: world.recipient() } };
  }),
  ...Array<Draw>(2).fill(drawAcceptNft),
  ...Array<Draw>(5).fill(drawAcceptResource),
  ...Array<Draw>(5).fill(drawResource),
  ...Array<Draw>(5).fill(drawEquip),
  ...Array<Draw>(3).fill((world) => {
    const nft = world.nftId();
    const price = BigInt(world.numbers.pick([0, 1, 100, 1000]));
    return { caller: world.ownerOf(nft), interaction: { op: "LIST", nft, price } };
  }),
  ...Array<Draw>(6).fill(drawBuy),
  ...Array<Draw>(2).fill((world) => {
    const nft = world.nftId();
    return { caller: world.ownerOf(nft), interaction: { op: "BURN", nft } };
  }),
  ...Array<Draw>(4).fill(drawProperty),
  (world) => ({
    interaction: { op: "EMOTE", namespace: "RMRK2", nft: world.nftId(), emote: world.numbers.pick(["1F389", "2764"]) },
  }),
  (world) => ({
    interaction: { op: "EMOTE", namespace: world.numbers.pick(["RMRK1", "PUBKEY"] as const), id: "x", emote: "1F389" },
  }),
  drawPriority,
  drawEquippable,
  (world) => {
    const base = world.base();
    const theme = { inherit: world.once(2), colours: new Map([["main", "red"]]) };
    const name = world.numbers.pick(["default", "dark", "light"]);
    return { caller: world.issuerOf(base), interaction: { op: "THEMEADD", base, name, theme } };
  },
  (world) => {
    const of = world.once(3) ? world.base() : world.collection();
    return { caller: world.issuerOf(of), interaction: { op: "CHANGEISSUER", of, issuer: world.person() } };
  },
  (world) => {
    const collection = world.collection();
    const op = world.once(3) ? "LOCK" : "DESTROY";
    return { caller: world.issuerOf(collection), interaction: { op, collection } };
  },
  (world) => {
    const [issuer, symbol] = [world.person(), world.numbers.pick(["HERO", "SWORD", "RING", "GEM"])];
    const id = collectionIdOf(world.once(5) ? world.person() : issuer, symbol);
    const caller = world.once(5) ? world.person() : issuer;
    return { caller, interaction: { op: "CREATE", id, issuer, symbol, max: world.numbers.below(3), metadata } };
  },
  (world) => {
    const issuer = world.person();
    const theme = { inherit: false, colours: new Map() };
    const themes = new Map(world.once(3) ? [[world.numbers.pick(["default", "dark"]), theme]] : []);
    const symbol = world.numbers.pick(["body", "face"]);
    const parts = [fixed("skin", 0), slot("hand", 1, [world.collection()])];
    const caller = world.once(5) ? world.person() : issuer;
    return { caller, interaction: { op: "BASE", issuer, symbol, type: "svg", parts, themes, metadata: undefined } };
  },
];

/** The next thing that somebody says. */
export function nextSaying(numbers: SeededNumbers, state: State, block: number): Saying {
  const world = new World(numbers, state, block);
  const drawn = numbers.pick(draws)(world);
  const blocks = numbers.pick([0, 0, 1, 1, 1, 3, 6]);
  return { caller: world.person(), transfers: [], sameExtrinsic: blocks === 0 && world.once(2), blocks, ...drawn };
}

function drawMint(world: World): ReturnType<Draw> {
  const collection = world.collection();
  const caller = world.issuerOf(collection);
  const of = new Map<string, Property>();
  const { numbers } = world;
  if (world.once(2)) of.set("xp", { type: "int", value: 1, writer: numbers.pick(["nobody", "issuer", "owner"]) });
  if (world.once(4))
    of.set("voucher", { type: "string", value: numbers.pick(["1", "2", "3", "x"]).repeat(64), writer: "nobody" });
  if (world.once(3)) {
    const value = { receiver: encodeAddress(charlie, prefix), royaltyPercentFloat: numbers.pick([0, 2.5, 10]) };
    of.set("royaltyInfo", { type: "royalty", value, writer: "nobody" });
  }
  const transferable = numbers.pick([1, 1, 1, 1, 1, 1, 0, world.block + 3, -4]);
  const recipient = world.once(4) ? undefined : world.recipient();
  return {
    caller,
    interaction: mintOf(collection, 1 + numbers.below(20), recipient, { transferable, properties: of }),
  };
}

/** Of what waits, mostly. */
function drawAcceptNft(world: World): ReturnType<Draw> {
  const waiting = Array.from(world.state.nfts.values()).filter(({ pending }) => pending);
  const child = waiting.length === 0 || world.once(5) ? world.nft() : world.numbers.pick(waiting);
  const nft = typeof child?.owner === "object" ? child.owner.id : world.nftId();
  return {
    caller: world.ownerOf(nft),
    interaction: { op: "ACCEPT", nft, entity: "NFT", child: child?.id ?? world.nftId() },
  };
}

function drawAcceptResource(world: World): ReturnType<Draw> {
  const waiting = Array.from(world.state.nfts.values()).flatMap(({ id, resources }) =>
    resources.flatMap(({ resource, pending }) => (pending ? [{ nft: id, resource: resource.id }] : [])),
  );
  const { nft, resource } =
    waiting.length === 0 || world.once(5)
      ? { nft: world.nftId(), resource: world.resource() }
      : world.numbers.pick(waiting);
  return { caller: world.ownerOf(nft), interaction: { op: "ACCEPT", nft, entity: "RES", resource } };
}

function drawResource(world: World): ReturnType<Draw> {
  const nft = world.nftId();
  const base = world.base();
  const { numbers } = world;
  const id = world.resource();
  const resource = numbers.pick([
    resourceOf({ id, base, parts: world.once(4) ? ["skin", "none"] : ["skin", "hand", "head"] }),
    resourceOf({ id, base, parts: ["skin", "hand"], themeId: numbers.pick(["default", "dark"]) }),
    resourceOf({ id, slot: slotIdOf(base, world.part()) }),
    resourceOf({ id, slot: slotIdOf(base, world.once(2) ? "hand" : "head") }),
    resourceOf({ id }),
  ]);
  const replaces = world.once(4) ? world.resource() : undefined;
  return { caller: world.issuerOf(nft), interaction: { op: "RESADD", nft, resource, replaces } };
}

/** Into a slot that it has a form for, mostly. */
function drawEquip(world: World): ReturnType<Draw> {
  const nested = Array.from(world.state.nfts.values()).filter(({ owner }) => typeof owner === "object");
  const nft = nested.length === 0 || world.once(5) ? world.nft() : world.numbers.pick(nested);
  const slots = (nft?.resources ?? []).flatMap(({ resource }) => resource.slot ?? []);
  const wanted = slots.length === 0 || world.once(5) ? slotIdOf(world.base(), world.part()) : world.numbers.pick(slots);
  const id = nft?.id ?? world.nftId();
  return { caller: world.ownerOf(id), interaction: { op: "EQUIP", nft: id, slot: world.once(4) ? undefined : wanted } };
}

/** Paid as it must be, mostly. */
function drawBuy(world: World): ReturnType<Draw> {
  const listed = Array.from(world.state.nfts.values()).filter(({ listing }) => (listing?.price ?? 0n) > 0n);
  const nft = listed.length === 0 || world.once(5) ? world.nftId() : world.numbers.pick(listed).id;
  const caller = world.person();
  const right = paymentsFor(world.state, nft, world.block) ?? [];
  const { owner, listing } = world.state.nfts.get(nft) ?? {};
  const all = typeof owner === "string" && listing !== undefined ? [{ to: owner, amount: listing.price }] : [];
  const payments = world.once(5) ? right.slice(1) : world.once(5) ? all : right;
  const transfers = payments.map(({ to, amount }) => ({
    from: caller,
    to,
    amount: world.once(8) ? amount - 1n : amount,
  }));
  const recipient = world.once(4) ? world.recipient() : undefined;
  return { caller, transfers, interaction: { op: "BUY", nft, recipient } };
}

function drawProperty(world: World): ReturnType<Draw> {
  const nft = world.nftId();
  const caller = world.once(2) ? world.ownerOf(nft) : world.issuerOf(nft);
  const key = world.numbers.pick(["xp", "xp", "xp", "xp", "new", "voucher", "royaltyInfo"]);
  const value = world.numbers.pick([1, 2, "text", { receiver: encodeAddress(dave, prefix), royaltyPercentFloat: 1 }]);
  return { caller, interaction: { op: "SETPROPERTY", nft, key, value, freeze: world.once(5) } };
}

function drawPriority(world: World): ReturnType<Draw> {
  const nft = world.nft();
  const resources = (nft?.priority ?? []).toReversed();
  const id = nft?.id ?? world.nftId();
  return {
    caller: world.ownerOf(id),
    interaction: { op: "SETPRIORITY", nft: id, resources: world.once(5) ? ["a"] : resources },
  };
}

function drawEquippable(world: World): ReturnType<Draw> {
  const base = world.base();
  const change = world.numbers.pick(["add", "remove", "set"] as const);
  const collections = change === "set" && world.once(2) ? "*" : [world.collection()];
  return {
    caller: world.issuerOf(base),
    interaction: { op: "EQUIPPABLE", base, part: world.part(), change, collections },
  };
}
