/** Who redeems what was signed for another, what was altered, used, has died, or was signed by whoever may not. */
import { preSign, type PreSignedMint, type SignedMint } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import { attributesOf } from "#enclave/ledger/nfts/redeeming.ts";
import { slotOf } from "#enclave/ledger/nfts/slot.ts";
import { voucherId } from "#enclave/reward/voucher.ts";
import { collection, issuer, other, player } from "../../../ledger/nfts/hub.ts";
import { before, type Attempt } from "../attempt.ts";
import { former, formers, type AttackedHub, type Signed } from "./attacked-hub.ts";

type Redeem = (w: AttackedHub, signed: Signed) => Promise<string>;

const redeems = (
  name: string,
  code: string,
  which: (w: AttackedHub) => readonly Signed[],
  redeem: Redeem,
): Attempt<AttackedHub> =>
  before<AttackedHub>(name, code, (w) => {
    const some = which(w);
    return some.length === 0 ? undefined : redeem(w, w.numbers.pick(some));
  });

const any = ({ signed }: AttackedHub): readonly Signed[] => signed;
/** In which the player that it was for has the item already, by it or by what was signed before. */
const used = (w: AttackedHub): readonly Signed[] =>
  w.living(true).filter(({ mint }) => w.items.some(({ number }) => number === mint.mint.item));
const keyOfOwner = ({ mint }: SignedMint) => (mint.onlyAccount === player.account ? player : other);

const altered = (name: string, change: (mint: PreSignedMint, w: AttackedHub) => Partial<PreSignedMint>) =>
  redeems(name, "voucher-forged", any, (w, { mint }) => {
    const thief = w.numbers.pick(w.thieves);
    // Made out to the thief as well, so that nothing else is in its way.
    const changed = { ...mint.mint, onlyAccount: thief.account, ...change(mint.mint, w) };
    return w.redeem(thief, { ...mint, mint: changed });
  });

/** A place that nobody has, for what a thief would like to have. */
const wished = (w: AttackedHub): PreSignedMint => {
  const id = voucherId(w.numbers.bytes(32), "room", "wish");
  const thief = w.numbers.pick(w.thieves);
  const attributes = attributesOf({ id, symbol: "crown", metadata: undefined });
  return { collection, item: slotOf(id, 0), attributes, onlyAccount: thief.account, deadline: w.block + 8 };
};

export const redeemers: readonly Attempt<AttackedHub>[] = [
  redeems("a thief redeems what was signed for a player", "item-of-another", any, (w, { mint }) =>
    w.redeem(w.numbers.pick(w.thieves), mint),
  ),
  redeems("a player redeems what was signed for another one", "item-of-another", any, (w, { mint }) =>
    w.redeem(keyOfOwner(mint) === player ? other : player, mint),
  ),
  redeems(
    "a thief redeems what was signed for a player when it has died",
    "item-of-another",
    (w) => w.expired(),
    (w, { mint }) => w.redeem(w.numbers.pick(w.thieves), mint),
  ),
  altered("a thief makes its own what was signed for a player", () => ({})),
  altered("a thief makes its own what was signed, in another place", ({ item }, w) => ({
    item: (item ^ (1 + w.numbers.below(1000))) >>> 0,
  })),
  altered("a thief makes its own what was signed, in another collection", () => ({ collection: formers })),
  altered("a thief makes its own what was signed, as something else", ({ attributes }) => ({
    attributes: attributes.map(([key, value]) => [key, key === "symbol" ? "crown" : value] as const),
  })),
  altered("a thief makes its own what was signed, for another award", (_, w) => ({
    ...wished(w),
    deadline: w.block + 8,
  })),
  redeems("a player puts off the end of what was signed", "voucher-forged", any, (w, { mint }) =>
    w.redeem(keyOfOwner(mint), { ...mint, mint: { ...mint.mint, deadline: mint.mint.deadline + 1000 } }),
  ),
  redeems("a signature is altered by a bit", "voucher-forged", any, (w, { mint }) => {
    const signature = mint.signature.slice();
    signature[w.numbers.below(60)]! ^= 1 << w.numbers.below(7);
    return w.redeem(keyOfOwner(mint), { ...mint, signature });
  }),
  redeems("a player redeems twice", "item-exists", used, (w, { mint }) => w.redeem(keyOfOwner(mint), mint)),
  redeems(
    "a player redeems what has died",
    "voucher-expired",
    (w) => w.expired(),
    (w, { mint }) => w.redeem(keyOfOwner(mint), mint),
  ),
  redeems("what was redeemed is signed again for another account of the player", "item-exists", used, (w, { mint }) => {
    const account = keyOfOwner(mint) === player ? other : player;
    return w.redeem(account, preSign({ ...mint.mint, onlyAccount: account.account, deadline: w.block + 8 }, issuer));
  }),
  before<AttackedHub>("a thief signs for itself", "issuer-revoked", (w) => {
    const mint = wished(w);
    const thief = w.thieves.find(({ account }) => account === mint.onlyAccount)!;
    return w.redeem(thief, preSign(mint, thief));
  }),
  before<AttackedHub>("a thief signs for itself in the issuer's name", "voucher-forged", (w) => {
    const mint = wished(w);
    const thief = w.thieves.find(({ account }) => account === mint.onlyAccount)!;
    return w.redeem(thief, { ...preSign(mint, thief), signer: issuer.account });
  }),
  before<AttackedHub>("a thief redeems what an issuer signed before it was replaced", "issuer-revoked", (w) => {
    const thief = w.thieves.find(({ account }) => account === w.formerMint.mint.onlyAccount)!;
    return w.redeem(thief, w.formerMint);
  }),
  before<AttackedHub>("an issuer that was replaced signs on", "issuer-revoked", (w) => {
    const mint = { ...wished(w), collection: formers };
    const thief = w.thieves.find(({ account }) => account === mint.onlyAccount)!;
    return w.redeem(thief, preSign(mint, former));
  }),
  before<AttackedHub>("another collection's issuer signs for this one", "issuer-revoked", (w) => {
    const mint = wished(w);
    const thief = w.thieves.find(({ account }) => account === mint.onlyAccount)!;
    return w.redeem(thief, preSign(mint, former));
  }),
];
