/** Who says that he owns what he does not: to a room, with another's wallet, or on a host that shows what was. */
import { Holdings, type ItemsAudience } from "#enclave/reward/holdings.ts";
import { ownedBy } from "#enclave/ledger/follow/ownership.ts";
import { WalletLinks } from "#enclave/accounts/wallet-links.ts";
import type { HeldItem } from "#protocol/held-item.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { walletStatement, wrapped, type WalletSignature } from "#protocol/wallet.ts";
import { accountBytes } from "#rmrk/account.ts";
import type { IssuerKey } from "#enclave/reward/issuer-key.ts";
import type { AttackedWorld } from "./attacked-world.ts";
import { after, type Attempt } from "./attempt.ts";

const thiefId = "ee".repeat(16) as PlayerId;
const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const ageMaxMs = 60_000;

/** What a room is told that the thief owns, with an account if there is one. */
async function told(w: AttackedWorld, account: Uint8Array | undefined, now: number, known = true) {
  const heard: (readonly HeldItem[] | null)[] = [];
  const room: ItemsAudience = { seated: [thiefId], tellItems: (_, items) => void heard.push(items) };
  const holdings = new Holdings({
    view: () => (known ? w.view : undefined),
    recipients: { findRecipient: () => Promise.resolve(account), listen: () => () => false },
    isUsed: () => false,
    ageMaxMs,
    now: () => now,
  });
  await holdings.look(room, w.issuer.account);
  return heard.at(-1) ?? null;
}

const signedBy = (key: IssuerKey, message: Uint8Array): WalletSignature => ({
  kind: "sr25519",
  signature: key.sign(message),
});

/** @param signer who signs, in whose name, on which channel. */
async function linked(
  w: AttackedWorld,
  wallet: Uint8Array,
  signer: IssuerKey,
  { channel = fill(2), world = fill(1), before }: Partial<Record<"channel" | "world" | "before", Uint8Array>> = {},
): Promise<string> {
  const links = new WalletLinks({
    world: fill(1),
    worldKey: fill(7),
    store: () => undefined,
    random: (length) => w.numbers.bytes(length),
  });
  const ask = (of: Uint8Array, key: IssuerKey, terms: { channel: Uint8Array; world: Uint8Array }, was?: Uint8Array) => {
    const statement = walletStatement({ ...terms, player: thiefId, wallet: of, before: was ?? null });
    const signed = signedBy(key, wrapped(statement));
    return links.answer(thiefId, fill(2), { type: "wallet", ask: "link", wallet: of, signed });
  };
  // Whose device it is has linked his own wallet before.
  if (before !== undefined) await ask(before, w.base.player, { channel: fill(2), world: fill(1) });
  const { refused } = await ask(wallet, signer, { channel, world }, before);
  return refused ?? "linked";
}

export const owners: readonly Attempt[] = [
  after("a thief shows a room an account that owns nothing", "nothing of ours", async (w) => {
    const { account } = w.numbers.pick(w.thieves);
    const items = await told(w, accountBytes(account), w.view.time);
    return items?.some(({ collection }) => collection === w.collection) === false ? "nothing of ours" : "owned";
  }),
  after("a guest says that he owns something", "nothing", async (w) => {
    const items = await told(w, undefined, w.view.time);
    return items?.length === 0 ? "nothing" : "owned";
  }),
  after("a host shows a room what was true when a player still owned it", "stale", (w) => {
    const owned = ownedBy(w.view, w.base.player.account, w.view.time + ageMaxMs + 1 + w.numbers.below(1e6), ageMaxMs);
    return Promise.resolve(owned.known ? "known" : owned.reason);
  }),
  after("a host shows a room old blocks, and it asks on", "not known", async (w) => {
    const items = await told(w, accountBytes(w.base.player.account), w.view.time + ageMaxMs + 1);
    return items === null ? "not known" : "owned";
  }),
  after("a host shows a room no chain", "not known", async (w) => {
    const items = await told(w, accountBytes(w.base.player.account), 0, false);
    return items === null ? "not known" : "owned";
  }),
  after("a thief links a player's wallet with a signature of its own", "wallet-refused", (w) =>
    linked(w, accountBytes(w.base.player.account), w.numbers.pick(w.thieves)),
  ),
  after("a thief links a player's wallet with what was signed on another channel", "wallet-refused", (w) =>
    linked(w, accountBytes(w.base.player.account), w.base.player, { channel: fill(9) }),
  ),
  after("a thief links a player's wallet with what was signed for another world", "wallet-refused", (w) =>
    linked(w, accountBytes(w.base.player.account), w.base.player, { world: fill(9) }),
  ),
  after("a thief has a player's device and links another wallet", "wallet-linked", (w) => {
    const thief = w.numbers.pick(w.thieves);
    return linked(w, accountBytes(thief.account), thief, { before: accountBytes(w.base.player.account) });
  }),
];
