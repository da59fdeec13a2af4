/** Items of pallet-nfts on Asset Hub's real runtime, if `PHATROOM_VECTORS` names the folder that holds it: minted once, proven, revoked. */
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { burnCall, clearAttributeCall, mintCall, setTeamCall, transferCall } from "#enclave/ledger/nfts/calls.ts";
import { preSign, type PreSignedMint, type SignedMint } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import { nextMint } from "#enclave/ledger/nfts/redeeming.ts";
import type { NftsRefusal } from "#enclave/ledger/nfts/refusals.ts";
import { proveSlot, slotKeys, slotOf, voucherAttribute, type Slot } from "#enclave/ledger/nfts/slot.ts";
import type { IssuerKey } from "#enclave/reward/issuer-key.ts";
import { voucherId } from "#enclave/reward/voucher.ts";
import { cold, collection, guest, Hub, issuer, next, other, player, small, spec } from "./hub.ts";

let awards = 0;
const newVoucher = (): string => voucherId(new Uint8Array(32).fill(5), "room", `award ${awards++}`);

const mintOf = (voucher: string, deadline: number, more: Partial<PreSignedMint> = {}): PreSignedMint => ({
  collection,
  item: slotOf(voucher, 0),
  attributes: [
    [voucherAttribute, voucher],
    ["symbol", "cup"],
    ["metadata", "ipfs://ipfs/cup"],
  ],
  onlyAccount: player.account,
  deadline,
  ...more,
});

describe.skipIf(!existsSync(spec))(`on ${spec}`, { timeout: 120_000 }, () => {
  let hub: Hub;
  beforeAll(async () => {
    hub = await Hub.start();
  }, 120_000);
  afterAll(() => hub[Symbol.asyncDispose]());

  test("a player redeems a voucher, and it is proven in under two kilobytes whose item it is", async () => {
    const voucher = newVoucher();
    const item = slotOf(voucher, 0);
    expect(await hub.slot(item)).toEqual({ owner: undefined, minted: false, voucher: undefined });
    expect(await hub.redeem(player, preSign(mintOf(voucher, hub.block + 20), issuer))).toBeUndefined();
    expect(await hub.slot(item)).toEqual({ owner: player.account, minted: true, voucher });
    const proof = await hub.world.source().storage(hub.follower.view!.block.hash, [slotKeys(collection, item)[0]]);
    expect(proof.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(2048);
    await hub.done(player, transferCall(hub.metadata, collection, item, other.account));
    expect(await hub.slot(item)).toEqual({ owner: other.account, minted: true, voucher });
  });

  test("a player without funds is given the item, and once", async () => {
    const item = slotOf(newVoucher(), 0);
    const call = mintCall(hub.metadata, collection, item, guest.account);
    expect(await hub.say(issuer, call)).toBeUndefined();
    expect((await hub.slot(item)).owner).toBe(guest.account);
    expect(await hub.say(issuer, call)).toBe("item-exists");
  });

  describe("the runtime refuses", () => {
    const altered = (signed: SignedMint, change: Partial<PreSignedMint>): SignedMint => ({
      ...signed,
      mint: { ...signed.mint, ...change },
    });
    type Redeem = (voucher: string, signed: SignedMint) => Promise<NftsRefusal | undefined>;
    test.for<readonly [string, NftsRefusal, Redeem]>([
      ["another account's use of a voucher", "item-of-another", (_, signed) => hub.redeem(other, signed)],
      [
        "a voucher that was made another's",
        "voucher-forged",
        (_, signed) => hub.redeem(other, altered(signed, { onlyAccount: other.account })),
      ],
      [
        "a voucher for another item",
        "voucher-forged",
        (_, signed) => hub.redeem(player, altered(signed, { item: signed.mint.item ^ 1 })),
      ],
      [
        "a voucher with another attribute",
        "voucher-forged",
        (_, signed) => hub.redeem(player, altered(signed, { attributes: [["symbol", "crown"]] })),
      ],
      [
        "a voucher with a later end",
        "voucher-forged",
        (_, signed) => hub.redeem(player, altered(signed, { deadline: signed.mint.deadline + 1000 })),
      ],
      [
        "a voucher that came too late",
        "voucher-expired",
        (voucher) => hub.redeem(player, preSign(mintOf(voucher, hub.block - 1), issuer)),
      ],
      [
        "a voucher of a stranger's",
        "issuer-revoked",
        (voucher) => hub.redeem(player, preSign(mintOf(voucher, hub.block + 20), other)),
      ],
      [
        "a voucher that is used twice",
        "item-exists",
        async (_, signed) => {
          expect(await hub.redeem(player, signed)).toBeUndefined();
          return hub.redeem(player, signed);
        },
      ],
      [
        "a voucher signed again for somebody else, when it was used",
        "item-exists",
        async (voucher, signed) => {
          expect(await hub.redeem(player, signed)).toBeUndefined();
          const again = preSign(mintOf(voucher, hub.block + 20, { onlyAccount: other.account }), issuer);
          return hub.redeem(other, again);
        },
      ],
      [
        "a stranger that mints",
        "issuer-revoked",
        (voucher) => hub.say(other, mintCall(hub.metadata, collection, slotOf(voucher, 0), other.account)),
      ],
      [
        "more than a collection may have",
        "collection-full",
        async (voucher) => {
          const mint = (of: string) => preSign(mintOf(of, hub.block + 20, { collection: small }), issuer);
          expect(await hub.redeem(player, mint(voucher))).toBeUndefined();
          return hub.redeem(player, mint(newVoucher()));
        },
      ],
      [
        "a collection that is not there",
        "issuer-revoked",
        (voucher) => hub.redeem(player, preSign(mintOf(voucher, hub.block + 20, { collection: 77 }), issuer)),
      ],
      [
        "an issuer that moves a player's item",
        "issuer-revoked",
        async (_, signed) => {
          expect(await hub.redeem(player, signed)).toBeUndefined();
          return hub.say(issuer, transferCall(hub.metadata, collection, signed.mint.item, issuer.account));
        },
      ],
      [
        "an issuer that burns a player's item",
        "issuer-revoked",
        async (_, signed) => {
          expect(await hub.redeem(player, signed)).toBeUndefined();
          return hub.say(issuer, burnCall(hub.metadata, collection, signed.mint.item));
        },
      ],
      [
        "an issuer that makes itself the owner's team",
        "issuer-revoked",
        () => hub.say(issuer, setTeamCall(hub.metadata, collection, issuer.account, issuer.account)),
      ],
    ])("%s: %s", async ([, code, redeem]) => {
      const voucher = newVoucher();
      expect(await redeem(voucher, preSign(mintOf(voucher, hub.block + 20), issuer))).toBe(code);
    });
  });

  describe("what was burned is remembered", () => {
    const next = (voucher: string, slots: readonly Slot[]) =>
      nextMint({ id: voucher, recipient: player.account, symbol: "cup", metadata: undefined }, slots, {
        collection,
        block: hub.block,
        period: 8,
        signedUntil: 0,
      });

    test("by the chain: its voucher is redeemed for good, once what was signed has died", async () => {
      const voucher = newVoucher();
      const signed = preSign(mintOf(voucher, hub.block + 10), issuer);
      const { item } = signed.mint;
      const remembered = { owner: undefined, minted: true, voucher };
      expect(await hub.redeem(player, signed)).toBeUndefined();
      await hub.done(player, burnCall(hub.metadata, collection, item));
      expect(await hub.slot(item)).toEqual(remembered);
      expect(next(voucher, [await hub.slot(item)])).toMatchObject({ next: "redeemed", owner: undefined });
      // The runtime knows no better: until then the same account can mint the same item again, never two at once.
      expect(await hub.redeem(player, signed)).toBeUndefined();
      await hub.done(player, burnCall(hub.metadata, collection, item));
      await hub.wait(10);
      expect(await hub.redeem(player, signed)).toBe("voucher-expired");
      expect(await hub.slot(item)).toEqual(remembered);
    });

    test("and nobody but the collection's owner takes away for which voucher it was", async () => {
      const voucher = newVoucher();
      const { mint, ...signed } = preSign(mintOf(voucher, hub.block + 10), issuer);
      const { item } = mint;
      expect(await hub.redeem(player, { mint, ...signed })).toBeUndefined();
      const silence = (by: IssuerKey) =>
        hub.say(by, clearAttributeCall(hub.metadata, collection, item, voucherAttribute));
      for (const by of [player, other, issuer]) expect(await silence(by)).toBe("issuer-revoked");
      await hub.done(player, burnCall(hub.metadata, collection, item));
      for (const by of [player, other, issuer]) expect(await silence(by)).toBe("issuer-revoked");
      expect(await hub.slot(item)).toEqual({ owner: undefined, minted: true, voucher });
      // Whoever administers the collection may, and the rest is remembered.
      expect(await silence(cold)).toBeUndefined();
      expect(await hub.slot(item)).toEqual({ owner: undefined, minted: true, voucher: undefined });
      expect(next(voucher, [await hub.slot(item), await hub.slot(slotOf(voucher, 1))])).toMatchObject({
        next: "redeemed",
      });
    });

    test("also where it was given, and not redeemed", async () => {
      const voucher = newVoucher();
      const item = slotOf(voucher, 0);
      await hub.done(issuer, mintCall(hub.metadata, collection, item, player.account));
      expect(next(voucher, [await hub.slot(item)])).toMatchObject({ next: "redeemed", owner: player.account });
      await hub.done(player, burnCall(hub.metadata, collection, item));
      expect(await hub.slot(item)).toEqual({ owner: undefined, minted: true, voucher: undefined });
    });
  });

  test("an issuer that the owner has replaced issues nothing more, by what it signed before neither", async () => {
    const [before, after] = [newVoucher(), newVoucher()];
    const signed = preSign(mintOf(before, hub.block + 50), issuer);
    await hub.done(cold, setTeamCall(hub.metadata, collection, next.account, cold.account));
    expect(await hub.redeem(player, signed)).toBe("issuer-revoked");
    expect(await hub.say(issuer, mintCall(hub.metadata, collection, slotOf(after, 0), player.account))).toBe(
      "issuer-revoked",
    );
    expect(await hub.redeem(player, preSign(mintOf(before, hub.block + 20), next))).toBeUndefined();
    await hub.done(cold, setTeamCall(hub.metadata, collection, issuer.account, cold.account));
  });

  test("a node that leaves out, exchanges or alters what it proves is not believed", async () => {
    const [mine, theirs] = [newVoucher(), newVoucher()];
    expect(await hub.redeem(player, preSign(mintOf(mine, hub.block + 20), issuer))).toBeUndefined();
    const { stateRoot } = hub.follower.view!;
    const item = slotOf(mine, 0);
    const proof = await hub.proof(item);
    const believe = (told: readonly Uint8Array[], of = item) => proveSlot(stateRoot, told, collection, of);
    expect(believe(proof)).toEqual({ owner: player.account, minted: true, voucher: mine });
    for (let at = 0; at < proof.length; at++) {
      expect(() => believe(proof.toSpliced(at, 1))).toThrow(/^proof-/);
      const bytes = proof[at]!.slice();
      bytes[bytes.length - 1]! ^= 1;
      expect(() => believe(proof.with(at, bytes))).toThrow(/^proof-/);
    }
    expect(() => believe(proof, slotOf(theirs, 0))).toThrow(/^proof-/);
    expect(() => proveSlot(new Uint8Array(32), proof, collection, item)).toThrow(/^proof-root-missing/);
  });
});
