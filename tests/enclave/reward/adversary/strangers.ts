/** What accounts other than the issuer say on chain, and what they send in the issuer's name. */
import { bytesToHex, concatBytes } from "#protocol/bytes.ts";
import { batchCall, remarkCall, transferCall } from "#enclave/ledger/runtime/calls.ts";
import { callIndex } from "#enclave/ledger/runtime/metadata.ts";
import { compact, littleEndian, prefixed } from "#enclave/ledger/proof/scale.ts";
import type { IssuerKey } from "#enclave/reward/issuer-key.ts";
import { signCall } from "#enclave/reward/transaction.ts";
import { isRedeemed } from "#enclave/reward/batch.ts";
import { mintOf as mintOfVoucher } from "#enclave/reward/voucher.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import { encodeRemark, type Interaction } from "#rmrk/codec/interaction.ts";
import { collectionIdOf, nftIdOf, serialText, type NftId } from "#rmrk/ids.ts";
import { multisigAccount } from "#rmrk/extrinsic/multisig.ts";
import { heldItems } from "#enclave/reward/holdings.ts";
import { itemsOf } from "#rmrk/queries/inventory.ts";
import { mintOf, properties, resourceOf } from "../../../rmrk/support/making.ts";
import { prefix } from "../devnet-world.ts";
import type { AttackedWorld } from "./attacked-world.ts";
import { before, type Attempt } from "./attempt.ts";
import { dead, period } from "./issuing-worker.ts";

/** An item of the collection that is attacked. */
const target = (w: AttackedWorld): NftId => w.numbers.pick(w.ours()).id;
const serial = (w: AttackedWorld): number => 1 + w.numbers.below(90_000_000);

const said = (
  name: string,
  code: string,
  what: (world: AttackedWorld, by: AccountId) => Interaction | Uint8Array,
): Attempt =>
  before(name, code, (w) => {
    const thief = w.numbers.pick(w.thieves);
    return w.say(thief, what(w, thief.account));
  });

const created = (id: ReturnType<typeof collectionIdOf>, issuer: AccountId, symbol: string): Interaction => ({
  op: "CREATE",
  id,
  issuer,
  symbol,
  max: 0,
  metadata: "ipfs://ipfs/junk",
});

const remarks: readonly Attempt[] = [
  said("a stranger mints in the collection", "not-issuer", (w, by) => mintOf(w.collection, serial(w), by)),
  said("a stranger redeems a voucher of a player's", "not-issuer", (w) =>
    mintOfVoucher(w.numbers.pick(w.vouchers), serialText(serial(w))),
  ),
  said("a stranger redeems a voucher of a player's for itself", "not-issuer", (w, recipient) =>
    mintOfVoucher({ ...w.numbers.pick(w.vouchers), recipient }, serialText(serial(w))),
  ),
  said("a stranger makes up a voucher", "not-issuer", (w, by) =>
    mintOf(w.collection, serial(w), by, {
      properties: properties({ voucher: { value: bytesToHex(w.numbers.bytes(32)) } }),
    }),
  ),
  said("a stranger creates the collection under its id", "collection-id-wrong", (w, by) =>
    created(w.collection, by, "SWORDS"),
  ),
  said("a stranger creates a collection in the issuer's name", "issuer-not-caller", (w) =>
    created(collectionIdOf(w.issuer.account, "SHIELDS"), w.issuer.account, "SHIELDS"),
  ),
  said("a stranger makes itself the issuer", "not-issuer", (w, issuer) => ({
    op: "CHANGEISSUER",
    of: w.collection,
    issuer,
  })),
  said("a stranger locks the collection", "not-issuer", ({ collection }) => ({ op: "LOCK", collection })),
  said("a stranger destroys the collection", "not-issuer", ({ collection }) => ({ op: "DESTROY", collection })),
  said("a stranger sends itself what is a player's", "not-owner", (w, recipient) => ({
    op: "SEND",
    nft: target(w),
    recipient,
  })),
  said("a stranger sends itself what is not there", "nft-unknown", (w, recipient) => ({
    op: "SEND",
    nft: nftIdOf(w.view.block.number, w.collection, "sword", serialText(serial(w))),
    recipient,
  })),
  said("a stranger burns what is a player's", "not-owner", (w) => ({ op: "BURN", nft: target(w) })),
  said("a stranger puts a player's item up for sale", "not-owner", (w) => ({ op: "LIST", nft: target(w), price: 1n })),
  said("a stranger buys what is not for sale", "not-for-sale", (w) => ({
    op: "BUY",
    nft: target(w),
    recipient: undefined,
  })),
  said("a stranger takes off what a player wears", "not-owner", (w) => ({
    op: "EQUIP",
    nft: target(w),
    slot: undefined,
  })),
  said("a stranger rewrites for which voucher an item was minted", "property-reserved", (w) => ({
    op: "SETPROPERTY",
    nft: target(w),
    key: "voucher",
    value: bytesToHex(w.numbers.bytes(32)),
    freeze: false,
  })),
  said("a stranger gives an item a property", "not-issuer", (w) => ({
    op: "SETPROPERTY",
    nft: target(w),
    key: "strength",
    value: 9999,
    freeze: true,
  })),
  said("a stranger gives an item another look", "not-issuer", (w) => ({
    op: "RESADD",
    nft: target(w),
    resource: resourceOf({ id: "gold" }),
    replaces: undefined,
  })),
  said("a stranger accepts for a player", "not-owner", (w) => ({
    op: "ACCEPT",
    nft: target(w),
    entity: "RES",
    resource: "gold",
  })),
  said("a stranger says it in other bytes", "unheard", (w, by) => {
    const bytes = encodeRemark(mintOf(w.collection, serial(w), by), prefix);
    bytes[w.numbers.below(6)]! ^= 1 << w.numbers.below(8);
    return bytes;
  }),
  before("a stranger uses up a player's voucher in a collection of its own", "of another creator", (w) => {
    const [thief, voucher] = [w.numbers.pick(w.thieves), w.numbers.pick(w.vouchers)];
    const collection = collectionIdOf(thief.account, "SWORDS");
    const redeemed = isRedeemed(w.items, voucher);
    const mint = mintOfVoucher({ ...voucher, collection }, serialText(serial(w)));
    return w.say(thief, mint).then((outcome) => {
      const used = w.items.vouchers.get(thief.account)?.has(voucher.id) === true;
      // The worker may have redeemed it in the same block.
      const touched = !redeemed && isRedeemed(w.items, voucher) && !w.ours().some((nft) => isOf(nft, voucher.id));
      if (touched || !used) return `${outcome}, and counts`;
      return "of another creator";
    });
  }),
  before("a stranger puts junk into a player's item to have it used", "not accepted", (w) => {
    const [thief, into] = [w.numbers.pick(w.thieves), w.numbers.pick(w.ours())];
    if (into.waiting > 1000) return undefined;
    const collection = collectionIdOf(thief.account, "SWORDS");
    return w.say(thief, mintOf(collection, serial(w), into.id)).then((outcome) => {
      const holder = w.numbers.pick([w.base.player, w.base.other]);
      const held = heldItems(itemsOf(w.items, holder.account), w.issuer.account);
      return held.some(({ inside }) => inside === into.id) ? `${outcome}, and is held` : "not accepted";
    });
  }),
];

const isOf = (
  nft: { readonly properties?: ReadonlyMap<string, { readonly value: unknown }> | undefined },
  id: string,
) => nft.properties?.get("voucher")?.value === id;

/** Letters of a remark that would mint, changed: it is something else, or nothing. */
const altered = before(
  "a stranger says a remark that is damaged",
  ["unheard", "not-issuer", "collection-unknown", "fields-malformed", "version-unsupported"].concat(
    ["interaction-unknown", "encoding-malformed", "json-malformed", "member-malformed", "value-malformed"],
    ["id-malformed", "address-malformed", "address-network"],
  ),
  (w) => {
    const thief = w.numbers.pick(w.thieves);
    const bytes = [...encodeRemark(mintOf(w.collection, serial(w), thief.account), prefix)];
    const at = w.numbers.below(bytes.length);
    const kind = w.numbers.below(3);
    if (kind === 0) bytes[at]! ^= 1 << w.numbers.below(7);
    else if (kind === 1) bytes.splice(at, 1 + w.numbers.below(8));
    else bytes.splice(at, 0, 0x21 + w.numbers.below(0x5e));
    return w.say(thief, Uint8Array.from(bytes));
  },
);

/** A remark that the issuer never made. */
function forged(w: AttackedWorld): Uint8Array {
  const { account } = w.numbers.pick(w.thieves);
  return encodeRemark(mintOf(w.collection, serial(w), account), prefix);
}

/** The issuer's newest one, if the next block could take it by its age. */
function livingTransaction({ issued, view }: AttackedWorld): Uint8Array | undefined {
  return issued !== undefined && view.block.number + 1 < issued.birth + period ? issued.transaction : undefined;
}

const transactions: readonly Attempt[] = [
  before("a transaction says that the issuer signed it", "BadProof", (w) => {
    const { metadata } = w.view.runtime;
    const thief = w.numbers.pick(w.thieves);
    const asIssuer: IssuerKey = { account: w.issuer.account, sign: (message) => thief.sign(message) };
    const { runtime, genesis, block, nonces } = w.view;
    const terms = { runtime, genesis, nonce: nonces.get(w.issuer.account)!, era: { birth: block, period: 64 } };
    return Promise.resolve(w.submit(signCall(remarkCall(metadata, forged(w)), terms, asIssuer)));
  }),
  before("a transaction of the issuer's comes again", "Stale", (w) => {
    const living = livingTransaction(w);
    return living && Promise.resolve(w.submit(living));
  }),
  before("a transaction of the issuer's comes again when it has died", dead, (w) => {
    if (w.issued === undefined || w.view.block.number + 1 < w.issued.birth + period) return undefined;
    return Promise.resolve(w.submit(w.issued.transaction));
  }),
  before("a transaction of the issuer's is altered", "BadProof", (w) => {
    const bytes = livingTransaction(w)?.slice();
    if (bytes === undefined) return undefined;
    // In its last remark.
    bytes[bytes.length - 1 - w.numbers.below(60)]! ^= 1 << w.numbers.below(7);
    return Promise.resolve(w.submit(bytes));
  }),
  before("a remark comes without anybody's signature", "NoUnsignedValidator", (w) => {
    const call = remarkCall(w.view.runtime.metadata, forged(w));
    return Promise.resolve(w.submit(prefixed(concatBytes(Uint8Array.of(4), call))));
  }),
  before("a stranger acts as the issuer's proxy", "ExtrinsicFailed", (w) => {
    const { metadata } = w.view.runtime;
    const remark = forged(w);
    // No kind of proxy is asked for.
    const real = concatBytes(accountBytes(w.issuer.account), Uint8Array.of(0));
    const call = concatBytes(callIndex(metadata, "Proxy", "proxy"), real, remarkCall(metadata, remark));
    return w.call(w.numbers.pick(w.thieves), call, remark);
  }),
  before("one of two proposes what both should say", "NewMultisig", (w) => {
    const { metadata } = w.view.runtime;
    const thief = w.numbers.pick(w.thieves);
    const remark = forged(w);
    const call = concatBytes(
      callIndex(metadata, "Multisig", "as_multi"),
      littleEndian(2, 2),
      concatBytes(compact(1), accountBytes(w.issuer.account)),
      // No earlier proposal; the call, behind its length; not kept; the weight that it may have.
      Uint8Array.of(0),
      prefixed(remarkCall(metadata, remark)),
      Uint8Array.of(0),
      littleEndian(1_000_000_000, 8),
    );
    return w.call(thief, call, remark, multisigAccount([w.issuer.account, thief.account], 2));
  }),
  before("a batch fails behind a remark of the issuer's words", "ExtrinsicFailed", (w) => {
    const { metadata } = w.view.runtime;
    const [thief, remark] = [w.numbers.pick(w.thieves), forged(w)];
    const tooMuch = transferCall(metadata, w.base.player.account, 2n ** 100n);
    return w.call(thief, batchCall(metadata, [remarkCall(metadata, remark), tooMuch]), remark, thief.account);
  }),
];

export const strangers: readonly Attempt[] = [...remarks, altered, ...transactions];
