/**
 * Random sayings told to the consolidator and to `rmrk-tools`. What ours accepts, theirs accepts, and both states are
 * then the same; what ours refuses, theirs refuses. The table says where not, and why; nothing else may differ.
 */
import { encodeAddress } from "#rmrk/account.ts";
import { encodeRemark, type Op } from "#rmrk/codec/interaction.ts";
import { isAccount, type Recipient } from "#rmrk/codec/values.ts";
import { apply, type Outcome } from "#rmrk/consolidator.ts";
import type { RefusalCode } from "#rmrk/errors.ts";
import type { ItemEvent } from "#rmrk/events.ts";
import { decodeSnapshot, encodeSnapshot } from "#rmrk/state/snapshot.ts";
import { emptyState, nameOfOwner, type State } from "#rmrk/state/state.ts";
import { standingOf } from "#rmrk/state/tree.ts";
import { isDeepStrictEqual } from "node:util";
import { SeededNumbers } from "../../deep/deep.ts";
import { Oracle, type OracleRemark } from "../../oracles/rmrk-tools.ts";
import { prefix } from "./people.ts";
import { nextSaying, prelude, type Saying } from "./sayings.ts";

/** What ours refuses and theirs accepts: by interaction and code, with the reason. Numbers are those of the known faults. */
export const stricter: Readonly<Partial<Record<`${Op}: ${RefusalCode}`, string>>> = {
  "CREATE: issuer-not-caller": "2: anybody creates in anybody's name there",
  "CREATE: collection-id-wrong": "1: anybody takes any id there",
  "CREATE: collection-exists": "a destroyed collection begins anew there, with serial numbers that were issued",
  "LOCK: collection-locked": "there a lock sets the cap to what is issued, again and again",
  "BASE: issuer-not-caller": "2: as with collections",
  "BASE: theme-default-missing": "the rule of RMRK's pallet, unknown there",
  "THEMEADD: not-issuer": "5: anybody adds themes there",
  "THEMEADD: theme-default-missing": "the rule of RMRK's pallet, unknown there",
  "EQUIPPABLE: equippable-all": "there the list becomes what was added to everything, or is left as it is",
  "MINT: serial-used": "6: a serial number is issued again in another block there",
  "MINT: collection-full": "6: burning makes room under the cap there",
  "MINT: collection-locked": "a collection that is locked while it is empty has no cap there",
  "MINT: recipient-unknown": "7: into NFTs that do not exist",
  "MINT: nft-pending": "into what its owner has not accepted",
  "MINT: voucher-used": "vouchers are ours",
  "MINT: voucher-malformed": "vouchers are ours",
  "SEND: nft-pending": "there the receiver can send on what it has not accepted, and send into it",
  "SEND: nft-listed": "there sending ends the sale, and a buyer's payment is lost",
  "SEND: nft-equipped": "there it is taken off on its way",
  "BURN: nft-listed": "there burning ends the sale, and a buyer's payment is lost",
  "BURN: nft-pending": "out of what its owner has not accepted",
  "ACCEPT: nft-pending": "in what its owner has not accepted",
  "ACCEPT: nothing-pending": "said without effect there",
  "SETPRIORITY: nft-pending": "in what its owner has not accepted",
  "SETPROPERTY: not-issuer": "10: there the owner writes what changes",
  "SETPROPERTY: nft-pending": "in what its owner has not accepted",
  "SETPROPERTY: property-immutable": "4: a stranger writes royalties there",
  "RESADD: base-unknown": "looked up only by EQUIP there",
  "RESADD: part-unknown": "looked up only by EQUIP there",
  "RESADD: part-fixed": "looked up only by EQUIP there",
  "RESADD: theme-unknown": "never looked up there",
  "RESADD: resource-unknown": "replaces nothing there",
  "EQUIP: not-equipped": "said without effect there",
  "EQUIP: nft-pending": "in what its owner has not accepted",
  "EQUIP: nft-listed": "what is for sale changes there",
  "EQUIP: base-not-used": "there a part need not be one that the wearer is made of",
  "EQUIP: resource-for-slot-missing": "there the form need not be accepted",
  "EQUIP: already-equipped": "there it moves from one slot to another",
  "LIST: not-for-sale": "said without effect there",
  "LIST: listed-too-recently": "there a price that is said again is not counted",
  "LIST: nft-nested": "what lies in an NFT is sold out of it there",
  "LIST: nft-pending": "what is not accepted is sold there",
  "BUY: buyer-is-owner": "from oneself",
  "BUY: nests-in-itself": "into itself, after which nobody owns it",
  "BUY: nested-too-deep": "nesting is bounded only for SEND there",
  "BUY: recipient-unknown": "7: into NFTs that do not exist",
  "BUY: nft-pending": "into what its owner has not accepted",
  "BUY: payment-missing": "there one payment buys everything in its transaction",
  "BUY: royalty-missing": "royalties are not asked for there",
};

/** What ours accepts and theirs refuses. It is then taken back, for the states would never agree again. */
export const broader: Readonly<Partial<Record<Op, string>>> = {
  SETPROPERTY: "10: the issuer writes and adds properties",
  BUY: "the price is paid in parts: the seller's and the royalty's",
  BURN: "what waits in something that is for sale may be rejected",
};

/** What both accept with another result. It is taken back from both. */
const different: readonly {
  readonly name: string;
  readonly why: string;
  readonly is: (saying: Saying, events: readonly ItemEvent[], oracle: Oracle) => boolean;
}[] = [
  {
    name: "burned with others",
    why: "there collections count wrongly when an NFT is burned that has, or had, others in it",
    is: ({ interaction }, _, oracle) =>
      interaction.op === "BURN" && oracle.data.nfts[interaction.nft]!.children.length > 0,
  },
  {
    name: "bought into an NFT",
    why: "there it has not to be accepted by the NFT's owner, who does not know of it",
    is: ({ interaction }) =>
      interaction.op === "BUY" && interaction.recipient !== undefined && !isAccount(interaction.recipient),
  },
  {
    name: "replaced resource",
    why: "there the new resource goes by the old one's name",
    is: (_, events) => events.some(({ event }) => event === "resource-replaced"),
  },
];

export const differentNames: readonly string[] = different.map(({ name }) => name);

export class OracleStory {
  /** Entries of both tables that were met. */
  readonly met = new Set<string>();
  told = 0;
  #state: State = emptyState(prefix);
  readonly #oracle = new Oracle(prefix);
  readonly #numbers: SeededNumbers;
  #block = 1;
  #extrinsic = 0;

  constructor(seed: number) {
    this.#numbers = new SeededNumbers(seed);
  }

  /** @throws for a difference that no table explains. */
  async tell(count: number): Promise<void> {
    for (const saying of prelude()) await this.hear(saying);
    for (let at = 0; at < count; at++) await this.hear(nextSaying(this.#numbers, this.#state, this.#block));
  }

  async hear(saying: Saying): Promise<void> {
    this.#block += saying.blocks;
    this.#extrinsic += saying.sameExtrinsic ? 0 : 1;
    const { caller, interaction, transfers } = saying;
    const bytes = encodeRemark(interaction, prefix);
    const before = encodeSnapshot(this.#state);
    const outcome = apply(this.#state, { block: this.#block, extrinsic: this.#extrinsic, caller, bytes, transfers });
    const remark = oracleRemark(saying, this.#block, bytes);
    const otherwise = outcome.accepted
      ? different.find(({ is }) => is(saying, outcome.events, this.#oracle))
      : undefined;
    if (otherwise !== undefined) this.met.add(otherwise.name);
    const kept = outcome.accepted && otherwise === undefined;
    const refusal = kept ? await this.#oracle.say(remark) : await this.#oracle.wouldSay(remark);
    this.#compare(saying, outcome, refusal);
    if (outcome.accepted && (refusal !== undefined || otherwise !== undefined)) this.#state = decodeSnapshot(before);
    this.#compareStates(saying);
    this.told += 1;
  }

  #compare(saying: Saying, outcome: Outcome, refusal: string | undefined): void {
    if (outcome.accepted === (refusal === undefined)) return;
    const { op } = saying.interaction;
    const key = outcome.accepted ? op : (`${op}: ${outcome.code}` as const);
    const reason = outcome.accepted ? broader[op] : stricter[key as keyof typeof stricter];
    if (reason === undefined)
      fail(saying, `${key}, ${refusal === undefined ? "accepted there" : `refused there: ${refusal}`}`);
    this.met.add(key);
  }

  #compareStates(saying: Saying): void {
    const [ours, theirs] = [viewOfState(this.#state), viewOfOracle(this.#oracle)];
    if (isDeepStrictEqual(ours, theirs)) return;
    const differing = Object.keys(ours).flatMap((section) => {
      const [a, b] = [ours, theirs].map((view) => view[section]!.map((entry) => JSON.stringify(entry, plain)));
      const only = (whose: string, some: readonly string[], others: readonly string[]): readonly string[] =>
        some.filter((entry) => !others.includes(entry)).map((entry) => `${whose}: ${entry}`);
      return only("ours", a!, b!).concat(only("theirs", b!, a!));
    });
    fail(saying, differing.join("\n"));
  }
}

function fail(saying: Saying, what: string): never {
  throw new Error(`${what}, after ${JSON.stringify(saying, plain)}`);
}

const plain = (_: string, value: unknown): unknown =>
  typeof value === "bigint" ? String(value) : value instanceof Map ? Array.from(value) : value;

function oracleRemark({ caller, interaction, transfers }: Saying, block: number, bytes: Uint8Array): OracleRemark {
  const extras = transfers.map(({ from, to, amount }) => ({
    call: "balances.transferKeepAlive",
    value: `${encodeAddress(to, prefix)},${amount}`,
    caller: encodeAddress(from, prefix),
  }));
  return {
    block,
    caller: encodeAddress(caller, prefix),
    interaction_type: interaction.op,
    version: "2.0.0",
    remark: String.fromCharCode(...bytes),
    ...(extras.length === 0 ? {} : { extra_ex: extras }),
  };
}

const written = (owner: Recipient): string => (isAccount(owner) ? encodeAddress(owner, prefix) : owner);

type View = Readonly<Record<string, readonly object[]>>;

const viewOfState = ({ nfts, collections, bases }: State): View => ({
  collections: byId(
    Array.from(collections.values())
      .filter(({ destroyed }) => !destroyed)
      .map(({ id, issuer, live }) => ({ id, issuer: written(issuer), count: live })),
  ),
  bases: byId(
    Array.from(bases.values(), ({ id, issuer, parts, themes }) => ({
      id,
      issuer: written(issuer),
      parts: Array.from(parts.values(), (part) => ({
        id: part.id,
        equippable: part.kind === "slot" ? part.equippable : undefined,
      })),
      themes: Array.from(themes.keys()).sort(),
    })),
  ),
  nfts: byId(
    Array.from(nfts.values(), (nft) => ({
      id: nft.id,
      owner: written(nameOfOwner(nft.owner)),
      root: written(standingOf(nft).owner),
      pending: nft.pending,
      price: nft.listing?.price ?? 0n,
      children: byId(
        Array.from(nft.children ?? [], ({ id, pending, equipped }) => ({ id, pending, equipped: equipped ?? "" })),
      ),
      resources: byId(nft.resources.map(({ resource, pending }) => ({ id: resource.id, pending }))),
      priority: nft.priority.toSorted(),
      properties: Object.fromEntries(
        Array.from(nft.properties ?? [], ([key, { type, value }]) => [key, { type, value }]),
      ),
      emotes: Object.fromEntries(
        Array.from(nft.emotes ?? [], ([emote, from]) => [emote, Array.from(from, written).sort()]),
      ),
    })),
  ),
});

const viewOfOracle = ({ data: { nfts, collections, bases } }: Oracle): View => ({
  collections: byId(Object.values(collections).map(({ id, issuer, count }) => ({ id, issuer, count }))),
  bases: byId(
    Object.entries(bases).map(([id, { issuer, parts, themes }]) => ({
      id,
      issuer,
      parts: parts.map(({ id: part, equippable }) => ({ id: part, equippable })),
      themes: Object.keys(themes ?? {}).sort(),
    })),
  ),
  nfts: byId(
    Object.values(nfts)
      .filter(({ burned }) => burned === "")
      .map((nft) => ({
        id: nft.id,
        owner: nft.owner,
        root: nft.rootowner,
        pending: nft.pending,
        price: nft.forsale,
        // Children that were burned stay in its list.
        children: byId(
          nft.children
            .filter(({ id }) => nfts[id]!.burned === "")
            .map(({ id, pending, equipped }) => ({ id, pending, equipped })),
        ),
        resources: byId(nft.resources.map(({ id, pending }) => ({ id, pending }))),
        priority: nft.priority.toSorted(),
        properties: Object.fromEntries(
          Object.entries(nft.properties).map(([key, { type, value }]) => [key, { type, value }]),
        ),
        emotes: Object.fromEntries(
          Object.entries(nft.reactions)
            .filter(([, from]) => from.length > 0)
            .map(([emote, from]) => [emote, from.toSorted()]),
        ),
      })),
  ),
});

const byId = <T extends { readonly id: string }>(list: readonly T[]): readonly T[] =>
  list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
