/**
 * The rules once more, as short as they can be said: everything is in plain lists, every question is answered by looking
 * through all of them. Nothing here is imported from the rules. A refusal has no code.
 */
import type { AccountId } from "#rmrk/account.ts";
import type { Base, Part } from "#rmrk/codec/base.ts";
import type { Interaction, Op } from "#rmrk/codec/interaction.ts";
import type { Property } from "#rmrk/codec/property.ts";
import type { Resource } from "#rmrk/codec/resource.ts";
import type { Theme } from "#rmrk/codec/theme.ts";
import { decodeAddress } from "#rmrk/account.ts";
import { prefix } from "./people.ts";

export interface ModelNft {
  id: string;
  collection: string;
  minted: number;
  transferable: number;
  owner: string;
  pending: boolean;
  equipped: string;
  price: bigint;
  listed: number;
  properties: Record<string, Property>;
  resources: { resource: Resource; pending: boolean; replaces: string | undefined }[];
  priority: string[];
  emotes: string[];
}

interface ModelCollection {
  id: string;
  creator: string;
  issuer: string;
  max: number;
  open: boolean;
  gone: boolean;
}

interface ModelBase {
  id: string;
  issuer: string;
  parts: Part[];
  themes: Record<string, Theme>;
}

interface Said {
  readonly block: number;
  readonly extrinsic: number;
  readonly caller: AccountId;
  readonly transfers: readonly { readonly from: string; readonly to: string; readonly amount: bigint }[];
}

export class Model {
  collections: ModelCollection[] = [];
  bases: ModelBase[] = [];
  nfts: ModelNft[] = [];
  /** Everything ever minted, as `collection serial`; and every voucher, as `creator voucher`. */
  issued: string[] = [];
  vouchers: string[] = [];
  #spent: { readonly at: string; readonly from: string; readonly to: string; readonly amount: bigint }[] = [];

  /** Whether it is legal; if so, it is done. */
  say(said: Said, interaction: Interaction): boolean {
    const rule = this.#rules[interaction.op] as (said: Said, interaction: Interaction) => boolean;
    return rule(said, interaction);
  }

  nft = (id: string): ModelNft | undefined => this.nfts.find((one) => one.id === id);
  /** From an NFT up to the root, itself included. */
  line = (nft: ModelNft): ModelNft[] => {
    const above = this.nft(nft.owner);
    return above === undefined ? [nft] : [nft, ...this.line(above)];
  };
  inside = (nft: ModelNft): ModelNft[] => this.nfts.filter((one) => this.line(one).includes(nft));
  holder = (nft: ModelNft): string => this.line(nft).at(-1)!.owner;
  #collection = (id: string) => this.collections.find((one) => one.id === id && !one.gone);
  #base = (id: string) => this.bases.find((one) => one.id === id);
  #accepted = (nft: ModelNft) => nft.resources.filter(({ pending }) => !pending).map(({ resource }) => resource);
  #settled = (nft: ModelNft): boolean => this.line(nft).every(({ pending }) => !pending);
  #unlisted = (nft: ModelNft): boolean => this.line(nft).every(({ price }) => price === 0n);
  #free = (nft: ModelNft | undefined, caller: string): nft is ModelNft =>
    nft !== undefined && this.holder(nft) === caller && this.#settled(nft);

  #transferable = ({ transferable, minted }: ModelNft, block: number): boolean => {
    if (transferable === 0 || transferable === 1) return transferable === 1;
    return transferable > 0 ? block >= transferable : block <= minted + Math.abs(transferable);
  };

  /** Whether it may come to be with that owner. Trees in these tests are small; how deep they are is not. */
  #fits(nft: ModelNft, owner: string): boolean {
    if (/^[0-9a-f]{64}$/.test(owner)) return true;
    const parent = this.nft(owner);
    if (parent === undefined || !this.#settled(parent) || this.line(parent).includes(nft)) return false;
    const below = Math.max(0, ...this.inside(nft).map((one) => this.line(one).length - this.line(nft).length));
    return this.line(parent).length + 1 + below <= 10;
  }

  #place(nft: ModelNft, owner: string, caller: string): void {
    const parent = this.nft(owner);
    nft.pending = parent !== undefined && this.holder(parent) !== caller;
    nft.owner = owner;
    nft.equipped = "";
  }

  readonly #rules: { readonly [O in Op]: (said: Said, interaction: Extract<Interaction, { op: O }>) => boolean } = {
    CREATE: ({ caller }, { id, issuer, symbol, max }) => {
      const right = `${caller.substring(0, 10)}${caller.substring(56)}-${symbol}`;
      if (issuer !== caller || id !== right || this.collections.some((one) => one.id === id)) return false;
      this.collections.push({ id, creator: caller, issuer, max: max || 99_999_999, open: true, gone: false });
      return true;
    },
    CHANGEISSUER: ({ caller }, { of, issuer }) => {
      const owned = this.#collection(of) ?? this.#base(of);
      if (owned?.issuer !== caller) return false;
      owned.issuer = issuer;
      return true;
    },
    LOCK: ({ caller }, { collection: id }) => {
      const collection = this.#collection(id);
      if (collection?.issuer !== caller || !collection.open) return false;
      collection.open = false;
      return true;
    },
    DESTROY: ({ caller }, { collection: id }) => {
      const collection = this.#collection(id);
      if (collection?.issuer !== caller || this.nfts.some((nft) => nft.collection === id)) return false;
      collection.gone = true;
      return true;
    },
    BASE: ({ block, caller }, { issuer, symbol, parts, themes }: Base) => {
      const id = `base-${block}-${symbol}`;
      const named = Array.from(themes.keys());
      if (issuer !== caller || this.#base(id) !== undefined) return false;
      if (named.length > 0 && !named.includes("default")) return false;
      this.bases.push({ id, issuer, parts: [...parts], themes: Object.fromEntries(themes) });
      return true;
    },
    EQUIPPABLE: ({ caller }, { base: id, part: partId, change, collections }) => {
      const base = this.#base(id);
      const at = base?.parts.findIndex((one) => one.id === partId) ?? -1;
      const part = base?.parts[at];
      if (base?.issuer !== caller || part?.kind !== "slot") return false;
      if (change === "set" || collections === "*") {
        base.parts[at] = { ...part, equippable: collections };
        return true;
      }
      if (part.equippable === "*") return false;
      const kept = part.equippable.filter((one) => change === "add" || !collections.includes(one));
      const added = change === "add" ? collections.filter((one) => !kept.includes(one)) : [];
      base.parts[at] = { ...part, equippable: [...kept, ...added] };
      return true;
    },
    THEMEADD: ({ caller }, { base: id, name, theme }) => {
      const base = this.#base(id);
      if (base?.issuer !== caller || base.themes[name] !== undefined) return false;
      if (name !== "default" && base.themes["default"] === undefined) return false;
      base.themes[name] = theme;
      return true;
    },
    MINT: ({ block, caller }, { collection: of, symbol, serial, transferable, properties, recipient }) => {
      const collection = this.#collection(of);
      if (collection?.issuer !== caller || !collection.open) return false;
      const issued = this.issued.filter((one) => one.startsWith(`${of} `));
      if (issued.length >= collection.max || issued.includes(`${of} ${serial}`)) return false;
      const voucher = properties.get("voucher");
      const redeemed = `${collection.creator} ${JSON.stringify(voucher?.value)}`;
      if (voucher !== undefined && !/^"[0-9a-f]+"$/.test(JSON.stringify(voucher.value))) return false;
      if (voucher !== undefined && this.vouchers.includes(redeemed)) return false;
      const nft: ModelNft = {
        id: `${block}-${of}-${symbol}-${serial}`,
        collection: of,
        minted: block,
        transferable,
        owner: caller,
        pending: false,
        equipped: "",
        price: 0n,
        listed: -1,
        properties: Object.fromEntries(properties),
        resources: [],
        priority: [],
        emotes: [],
      };
      if (!this.#fits(nft, recipient ?? caller)) return false;
      this.#place(nft, recipient ?? caller, caller);
      this.nfts.push(nft);
      this.issued.push(`${of} ${serial}`);
      if (voucher !== undefined) this.vouchers.push(redeemed);
      return true;
    },
    SEND: ({ block, caller }, { nft: id, recipient }) => {
      const nft = this.nft(id);
      if (!this.#free(nft, caller) || !this.#unlisted(nft)) return false;
      if (nft.equipped !== "" || !this.#transferable(nft, block) || !this.#fits(nft, recipient)) return false;
      this.#place(nft, recipient, caller);
      return true;
    },
    ACCEPT: ({ caller }, interaction) => {
      const nft = this.nft(interaction.nft);
      if (!this.#free(nft, caller)) return false;
      if (interaction.entity === "NFT") {
        const child = this.nft(interaction.child);
        if (child?.owner !== nft.id || !child.pending) return false;
        child.pending = false;
        return true;
      }
      const offered = nft.resources.find(({ resource }) => resource.id === interaction.resource);
      if (offered?.pending !== true) return false;
      this.#take(nft, offered);
      return true;
    },
    BURN: ({ caller }, { nft: id }) => {
      const nft = this.nft(id);
      if (nft === undefined || this.holder(nft) !== caller) return false;
      const others = this.line(nft).slice(1);
      if (others.some(({ pending }) => pending) || (!nft.pending && !this.#unlisted(nft))) return false;
      const burned = this.inside(nft);
      this.nfts = this.nfts.filter((one) => !burned.includes(one));
      return true;
    },
    RESADD: ({ caller }, { nft: id, resource, replaces }) => {
      const nft = this.nft(id);
      if (nft === undefined || this.collections.find((one) => one.id === nft.collection)!.issuer !== caller)
        return false;
      const { base: baseId, parts, slot, themeId } = resource;
      const base = baseId === undefined ? undefined : this.#base(baseId);
      if (baseId !== undefined && base === undefined) return false;
      if (parts?.some((part) => !base!.parts.some((one) => one.id === part)) === true) return false;
      if (themeId !== undefined && base!.themes[themeId] === undefined) return false;
      if (slot !== undefined && this.#slot(slot) === undefined) return false;
      if (nft.resources.some((one) => one.resource.id === resource.id)) return false;
      if (replaces !== undefined && !this.#accepted(nft).some((one) => one.id === replaces)) return false;
      const offered = { resource, pending: true, replaces };
      nft.resources.push(offered);
      if (this.holder(nft) === caller) this.#take(nft, offered);
      return true;
    },
    SETPRIORITY: ({ caller }, { nft: id, resources }) => {
      const nft = this.nft(id);
      if (!this.#free(nft, caller)) return false;
      if ([...resources].sort().join() !== [...nft.priority].sort().join()) return false;
      nft.priority = [...resources];
      return true;
    },
    SETPROPERTY: ({ caller }, { nft: id, key, value, freeze }) => {
      const nft = this.nft(id);
      if (nft === undefined || key === "voucher") return false;
      const { issuer } = this.collections.find((one) => one.id === nft.collection)!;
      const before = nft.properties[key];
      const writer = before?.writer ?? "issuer";
      if (!(writer === "issuer" && caller === issuer) && !(writer === "owner" && this.#free(nft, caller))) return false;
      const type = before?.type ?? (typeof value === "number" ? "int" : typeof value);
      const fits = { int: "number", string: "string", object: "object" }[type];
      if (typeof value !== fits) return false;
      nft.properties[key] = { type, value, writer: freeze ? "nobody" : writer };
      return true;
    },
    EQUIP: ({ caller }, { nft: id, slot: to }) => {
      const nft = this.nft(id);
      if (!this.#free(nft, caller) || !this.#unlisted(nft)) return false;
      if (to === undefined) {
        const worn = nft.equipped !== "";
        nft.equipped = "";
        return worn;
      }
      const wearer = this.nft(nft.owner);
      const part = this.#slot(to);
      if (wearer === undefined || part === undefined) return false;
      const [baseId, partId] = to.split(".") as [string, string];
      if (!this.#accepted(wearer).some(({ base, parts }) => base === baseId && parts?.includes(partId))) return false;
      if (!this.#accepted(nft).some(({ slot: made }) => made === to)) return false;
      if (part.equippable !== "*" && !part.equippable.some((one) => one === nft.collection)) return false;
      if (nft.equipped !== "" || this.nfts.some((one) => one.owner === wearer.id && one.equipped === to)) return false;
      nft.equipped = to;
      return true;
    },
    LIST: ({ block, caller }, { nft: id, price }) => {
      const nft = this.nft(id);
      if (nft === undefined || nft.owner !== caller) return false;
      if (nft.listed >= 0 && block - nft.listed < 5) return false;
      if (price === 0n ? nft.price === 0n : !this.#transferable(nft, block)) return false;
      nft.price = price;
      nft.listed = block;
      return true;
    },
    BUY: (said, { nft: id, recipient }) => {
      const { block, caller } = said;
      const nft = this.nft(id);
      if (nft === undefined || nft.price === 0n || nft.owner === caller || !this.#transferable(nft, block))
        return false;
      const seller = nft.owner;
      const due: [string, bigint][] = [[seller, nft.price]];
      const royalty = Object.values(nft.properties).find(({ type }) => type === "royalty");
      if (royalty !== undefined) {
        const { receiver, royaltyPercentFloat } = royalty.value as { receiver: string; royaltyPercentFloat: number };
        const share = (nft.price * BigInt(royaltyPercentFloat * 10)) / 1000n;
        due[0]![1] -= share;
        due.push([decodeAddress(receiver, prefix), share]);
      }
      const paid = due.map(([to, amount]) => ({ at: `${block} ${said.extrinsic}`, from: caller, to, amount }));
      const total = (of: readonly { at?: string; from: string; to: string; amount: bigint }[], to: string) =>
        of.filter((one) => one.from === caller && one.to === to).reduce((sum, { amount }) => sum + amount, 0n);
      const before = this.#spent.filter(({ at }) => at === `${block} ${said.extrinsic}`);
      if (due.some(([to]) => total(said.transfers, to) < total([...before, ...paid], to))) return false;
      if (!this.#fits(nft, recipient ?? caller)) return false;
      this.#spent.push(...paid);
      this.#place(nft, recipient ?? caller, caller);
      nft.price = 0n;
      return true;
    },
    EMOTE: ({ caller }, interaction) => {
      const nft = interaction.namespace === "RMRK2" ? this.nft(interaction.nft) : undefined;
      if (nft === undefined) return false;
      const said = `${interaction.emote} ${caller}`;
      nft.emotes = nft.emotes.includes(said) ? nft.emotes.filter((one) => one !== said) : [...nft.emotes, said];
      return true;
    },
  };

  #slot(id: string): Extract<Part, { kind: "slot" }> | undefined {
    const [base, part] = id.split(".") as [string, string];
    const found = this.#base(base)?.parts.find((one) => one.id === part);
    return found?.kind === "slot" ? found : undefined;
  }

  #take(nft: ModelNft, offered: ModelNft["resources"][number]): void {
    offered.pending = false;
    const at = nft.priority.indexOf(offered.replaces ?? "");
    offered.replaces = undefined;
    if (at < 0) {
      nft.priority.push(offered.resource.id);
      return;
    }
    nft.resources = nft.resources.filter(({ resource }) => resource.id !== nft.priority[at]);
    nft.priority[at] = offered.resource.id;
  }
}
