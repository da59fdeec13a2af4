/** Strangers with money: whatever they call, say, or send in the issuer's name. */
import {
  burnCall,
  clearAttributeCall,
  giveCall,
  mintCall,
  setTeamCall,
  transferCall,
} from "#enclave/ledger/nfts/calls.ts";
import { itemsOwned } from "#enclave/ledger/nfts/items.ts";
import { namingRemark, NamedCollections } from "#enclave/ledger/nfts/naming.ts";
import { preSign } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import { placeOf, usedRemark, type NftsItemId } from "#enclave/ledger/nfts/used.ts";
import { littleEndian, prefixed } from "#enclave/ledger/proof/scale.ts";
import { remarkCall } from "#enclave/ledger/runtime/calls.ts";
import { callIndex, type Metadata } from "#enclave/ledger/runtime/metadata.ts";
import type { IssuerKey } from "#enclave/reward/issuer-key.ts";
import { signCall } from "#enclave/reward/transaction.ts";
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { accountBytes } from "#rmrk/account.ts";
import { cold, collection, issuer, other } from "../../../ledger/nfts/hub.ts";
import { after, before, type Attempt } from "../attempt.ts";
import { dead } from "../issuing-worker.ts";
import { former, formers, junk, type AttackedHub } from "./attacked-hub.ts";
import { period } from "./hub-worker.ts";

const u32 = (value: number): Uint8Array => littleEndian(value, 4);
const none = Uint8Array.of(0);
const some = Uint8Array.of(1);
const addressOf = ({ account }: IssuerKey): Uint8Array => concatBytes(none, accountBytes(account));
const nfts = (metadata: Metadata, name: string, ...args: readonly Uint8Array[]): Uint8Array =>
  concatBytes(callIndex(metadata, "Nfts", name), ...args);
/** In the name of whoever owns the collection. */
const attribute = (of: Uint8Array, name: string): Uint8Array => concatBytes(of, some, prefixed(utf8ToBytes(name)));

type Make = (w: AttackedHub, item: number, thief: IssuerKey, metadata: Metadata) => Uint8Array;

/** A thief does something with a player's item. */
const calls = (name: string, code: string, make: Make): Attempt<AttackedHub> =>
  before<AttackedHub>(name, code, (w) => {
    if (w.items.length === 0) return undefined;
    const thief = w.numbers.pick(w.thieves);
    return w.call(thief, make(w, w.numbers.pick(w.items).number, thief, w.view.runtime.metadata));
  });

const of = (item: number): Uint8Array => concatBytes(u32(collection), u32(item));

const called: readonly Attempt<AttackedHub>[] = [
  calls("a thief mints", "issuer-revoked", (w, _, { account }, m) =>
    mintCall(m, collection, w.numbers.below(2 ** 31), account),
  ),
  calls("a thief mints again what is there", "item-exists", (_, item, { account }, m) =>
    mintCall(m, collection, item, account),
  ),
  calls("a thief sends itself a player's item", "issuer-revoked", (_, item, { account }, m) =>
    transferCall(m, collection, item, account),
  ),
  calls("a thief burns a player's item", "issuer-revoked", (_, item, _thief, m) => burnCall(m, collection, item)),
  calls("a thief lets itself send a player's item", "issuer-revoked", (_, item, thief, m) =>
    nfts(m, "approve_transfer", of(item), addressOf(thief), none),
  ),
  calls("a thief sells itself a player's item", "issuer-revoked", (_, item, thief, m) =>
    nfts(m, "set_price", of(item), some, littleEndian(1, 16), some, addressOf(thief)),
  ),
  calls("a thief buys what is not for sale", "refused-otherwise", (_, item, _thief, m) =>
    nfts(m, "buy_item", of(item), littleEndian(1_000_000, 16)),
  ),
  calls("a thief offers a player's item in exchange for its own", "issuer-revoked", (_, item, _thief, m) =>
    nfts(m, "create_swap", of(item), u32(junk), some, u32(1), none, u32(1000)),
  ),
  calls("a thief writes beside a player's item for which award it is", "issuer-revoked", (w, item, _thief, m) => {
    const value = prefixed(utf8ToBytes(w.numbers.pick(w.vouchers).id));
    return nfts(m, "set_attribute", u32(collection), some, u32(item), attribute(new Uint8Array(0), "voucher"), value);
  }),
  calls("a thief takes away for which award an item is", "issuer-revoked", (_, item, _thief, m) =>
    clearAttributeCall(m, collection, item, "voucher"),
  ),
  calls("a thief keeps a player's item from being sent", "issuer-revoked", (_, item, _thief, m) =>
    nfts(m, "lock_item_transfer", of(item)),
  ),
  calls("a thief makes itself the issuer", "issuer-revoked", (_, _item, { account }, m) =>
    setTeamCall(m, collection, account, account),
  ),
  calls("a thief lets everybody mint", "issuer-revoked", (_, _item, _thief, m) =>
    // Who mints: all; no price, no beginning, no end; what items may not.
    nfts(m, "update_mint_settings", u32(collection), some, none, none, none, littleEndian(0, 8)),
  ),
  before<AttackedHub>("a thief takes the collection, which it has said that it accepts", "issuer-revoked", (w) => {
    const [thief, { metadata }] = [w.numbers.pick(w.thieves), w.view.runtime];
    void w.call(thief, nfts(metadata, "set_accept_ownership", some, u32(collection)));
    return w.call(thief, nfts(metadata, "transfer_ownership", u32(collection), addressOf(thief)));
  }),
  calls("a thief takes the collection by force", "refused-otherwise", (_, _item, thief, m) =>
    nfts(m, "force_collection_owner", u32(collection), addressOf(thief)),
  ),
];

/** What a thief gives: signed by itself, and handed over. */
const pushed: readonly Attempt<AttackedHub>[] = [
  before<AttackedHub>("a thief gives as the issuer does", "issuer-revoked", (w) => {
    const thief = w.numbers.pick(w.thieves);
    const [living] = w.signed;
    if (living === undefined) return undefined;
    const item = w.numbers.below(2 ** 31);
    const mint = { ...living.mint.mint, item, onlyAccount: thief.account, deadline: w.block + period };
    const [minting] = giveCall(w.view.runtime.metadata, preSign(mint, thief), thief.account);
    return w.call(thief, minting!);
  }),
  before<AttackedHub>("an issuer that was replaced mints", "issuer-revoked", (w) =>
    w.call(former, mintCall(w.view.runtime.metadata, formers, w.numbers.below(2 ** 31), former.account)),
  ),
  before<AttackedHub>("another collection's issuer mints", "issuer-revoked", (w) =>
    w.call(former, mintCall(w.view.runtime.metadata, collection, w.numbers.below(2 ** 31), former.account)),
  ),
  after<AttackedHub>(
    "a thief shows a room its own item, which says of itself what ours do",
    "nothing of ours",
    async (w) => {
      const items = await itemsOwned(w.source(), w.view, w.thieves[0]!.account, new Set([collection, formers]));
      const own = await itemsOwned(w.source(), w.view, w.thieves[0]!.account, new Set([junk]));
      if (own.length === 0) return undefined;
      return items.length === 0 ? "nothing of ours" : "owned";
    },
  ),
];

const said: readonly Attempt<AttackedHub>[] = [
  ...(
    [
      ["a thief says that a player's item is used up", (w) => w.numbers.pick(w.thieves)],
      ["a player says that another's item is used up", () => other],
      ["another collection's issuer says that an item is used up", () => former],
    ] satisfies [string, (w: AttackedHub) => IssuerKey][]
  ).map(([name, who]) =>
    before<AttackedHub>(name, "not heard", async (w) => {
      const usable = w.usable();
      if (usable.length === 0) return undefined;
      const id = w.numbers.pick(usable) as NftsItemId;
      const outcome = await w.call(who(w), remarkCall(w.view.runtime.metadata, usedRemark(id)));
      if (outcome !== "done") return outcome;
      if (!w.words.some(({ bytes }) => Buffer.from(bytes).includes(id))) return "unheard by anybody";
      return (await w.find(id, w.view))!.used ? "used up" : "not heard";
    }),
  ),
  before<AttackedHub>("a thief says that its own collection is the world's", "not heard", async (w) => {
    const outcome = await w.call(
      w.numbers.pick(w.thieves),
      remarkCall(w.view.runtime.metadata, namingRemark(junk, `${w.collection}2` as typeof w.collection)),
    );
    const named = new NamedCollections(cold.account);
    named.read(w.words);
    if (outcome !== "done") return outcome;
    return named.all.has(junk) ? "named" : "not heard";
  }),
  after<AttackedHub>("a thief has an item used up of a collection that nobody has named", "unknown", async (w) => {
    const found = await w.find(`nfts-${junk}-1`, w.view);
    return placeOf(`nfts-${junk}-1`) !== undefined && found === undefined ? "unknown" : "found";
  }),
];

/** If the next block could take it by its age. */
const living = ({ issued, block }: AttackedHub): Uint8Array | undefined =>
  issued !== undefined && block + 1 < issued.birth + period ? issued.transaction : undefined;

const transactions: readonly Attempt<AttackedHub>[] = [
  before<AttackedHub>("what the issuer gave is given again", "Stale", (w) => {
    const bytes = living(w);
    return bytes && Promise.resolve(w.submit(bytes));
  }),
  before<AttackedHub>("what the issuer gave is given again when it has died", dead, (w) => {
    if (w.issued === undefined || w.block + 1 < w.issued.birth + period) return undefined;
    return Promise.resolve(w.submit(w.issued.transaction));
  }),
  before<AttackedHub>("what the issuer gave is given to another", "BadProof", (w) => {
    const bytes = living(w)?.slice();
    if (bytes === undefined) return undefined;
    // Behind to whom it is given stands nothing.
    bytes.set(accountBytes(w.numbers.pick(w.thieves).account), bytes.length - 32);
    return Promise.resolve(w.submit(bytes));
  }),
  before<AttackedHub>("a thief gives in a transaction that says that the issuer signed it", "BadProof", (w) => {
    const thief = w.numbers.pick(w.thieves);
    const asIssuer: IssuerKey = { account: issuer.account, sign: (message) => thief.sign(message) };
    const { runtime, genesis, block, nonces } = w.view;
    const call = mintCall(runtime.metadata, collection, w.numbers.below(2 ** 31), thief.account);
    const terms = { runtime, genesis, nonce: nonces.get(issuer.account)!, era: { birth: block, period: 64 } };
    return Promise.resolve(w.submit(signCall(call, terms, asIssuer)));
  }),
];

export const strangers: readonly Attempt<AttackedHub>[] = [...called, ...pushed, ...said, ...transactions];
