/**
 * `phatroom world` and `phatroom items redeem` on Asset Hub's real runtime, if `PHATROOM_VECTORS` names the folder that holds
 * it: a cold owner's collections are created once, wherever it was cut; an issuer is appointed and replaced; a voucher is redeemed.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDevnet, type Devnet } from "#chain/devnet/start.ts";
import { developmentChainTerms } from "#cli/chain-terms.ts";
import { FollowedChain, readTerms, type ItemsTerms } from "#cli/items/followed-chain.ts";
import { ItemsError } from "#cli/items/items-error.ts";
import { developmentKey, type ItemKey } from "#cli/items/key.ts";
import { readRedeemable, redeem } from "#cli/items/redeem.ts";
import { initNfts, revokeNfts, type NftsChain } from "#cli/world/init-nfts.ts";
import { worldItemsOf } from "#cli/world/world-file.ts";
import { NamedCollections } from "#enclave/ledger/nfts/naming.ts";
import { preSign, type PreSignedMint } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import { readNfts } from "#enclave/ledger/nfts/reading.ts";
import { attributesOf } from "#enclave/ledger/nfts/redeeming.ts";
import { slotOf } from "#enclave/ledger/nfts/slot.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { encodeAddress } from "#rmrk/account.ts";
import { collectionIdOf } from "#rmrk/ids.ts";
import { clock } from "../chain/devnet/support/client.ts";
import { issuer, spec } from "../enclave/ledger/nfts/hub.ts";

const [owner, bob, charlie] = ["Ferdie", "Bob", "Charlie"].map(developmentKey) as [ItemKey, ItemKey, ItemKey];
const prefix = 2;
const wanted = (issued: object = { "dot4/DOT4": { max: 50 }, "dot4/RARE": { max: 1 } }) =>
  worldItemsOf(
    { issuers: { dot4: encodeAddress(issuer.account, prefix) }, funds: "5000000000000", issued },
    owner.account,
    prefix,
  );

describe.skipIf(!existsSync(spec))(`on ${spec}`, { timeout: 120_000 }, () => {
  let folder: string;
  let net: Devnet;
  let terms: ItemsTerms;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "phatroom-world-nfts-"));
    net = await startDevnet({ clock, sealing: "instant", spec });
    const file = join(folder, "terms.json");
    const written = { ...developmentChainTerms(net.chain), prefix, owner: owner.account, nfts: { deadlines: "own" } };
    writeFileSync(file, JSON.stringify(written));
    terms = await readTerms(file);
    net.chain.newBlock();
  }, 120_000);
  afterAll(async () => {
    await net.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const follow = (key: ItemKey) => FollowedChain.open(net.url, terms, key.account, [issuer.account]);

  async function init(chain: NftsChain, dryRun = false, items = wanted()): Promise<readonly string[]> {
    const said: string[] = [];
    await initNfts(chain, items, owner, { dryRun, say: (one) => said.push(one) });
    return said;
  }

  async function stateOf(chain: FollowedChain, symbol: string) {
    const view = await chain.view();
    const named = new NamedCollections(owner.account);
    named.read(chain.words);
    const number = named.numberOf(collectionIdOf(issuer.account, symbol))!;
    const { collections } = await readNfts(chain.source, view, issuer.account, { collections: [number] });
    return { number, ...collections[0]! };
  }

  test("cut after any transaction, it goes on with what is missing; done, it does nothing more; what differs is refused", async () => {
    await using chain = await follow(owner);
    const before = net.chain.best.number;
    expect(await init(chain, true)).toEqual([
      "Would do: Create the collection dot4/DOT4.",
      "Would do: Create the collection dot4/RARE.",
      "Would do: Pay the issuer of dot4 what it needs for fees.",
    ]);
    expect(net.chain.best.number).toBe(before);
    let left = 0;
    const cut: NftsChain = {
      view: () => chain.view(),
      words: chain.words,
      source: chain.source,
      send: (call, key, view, done) =>
        left-- > 0 ? chain.send(call, key, view, done) : Promise.reject(new ItemsError("cut")),
    };
    await expect(init(cut)).rejects.toThrow("cut");
    left = 1;
    await expect(init(cut)).rejects.toThrow("cut");
    left = 1;
    const said = await init(cut);
    expect(said.at(-1)).toMatch(/^Final in block/);
    // Two transactions made all of it: what was created before the cut was found, and not created again.
    expect(net.chain.best.number).toBe(before + 2);
    expect((await init(chain)).every((one) => /is appointed\.$|can pay fees\.$/.test(one))).toBe(true);
    expect(net.chain.best.number).toBe(before + 2);
    expect(await stateOf(chain, "RARE")).toMatchObject({ owner: owner.account, max: 1, issues: true, minted: 0 });
    await expect(init(chain, false, wanted({ "dot4/DOT4": { max: 51 } }))).rejects.toThrow("another size");
  });

  test("an issuer is replaced by one command, and appointed again by another", async () => {
    await using chain = await follow(owner);
    expect(await revokeNfts(chain, wanted(), "skirmish", owner)).toBe(false);
    expect(await revokeNfts(chain, wanted(), "dot4", owner)).toBe(true);
    expect((await stateOf(chain, "DOT4")).issues).toBe(false);
    expect(await revokeNfts(chain, wanted(), "dot4", owner)).toBe(false);
    await init(chain);
    expect((await stateOf(chain, "DOT4")).issues).toBe(true);
  });

  test("a player redeems out of a file what was signed for them, and nothing is sent that would be refused", async () => {
    await using chain = await follow(bob);
    const { number } = await stateOf(chain, "DOT4");
    const { block } = await chain.view();
    const voucher = "ab".repeat(32);
    const kept = async (change: Partial<PreSignedMint> = {}) => {
      const attributes = attributesOf({ id: voucher, symbol: "cup", metadata: "ipfs://ipfs/cup" });
      const item = slotOf(voucher, 0);
      const base = { collection: number, item, attributes, onlyAccount: bob.account, deadline: block.number + 50 };
      const { mint, signer, signature } = preSign({ ...base, ...change }, issuer);
      const { collection, deadline, onlyAccount: account } = mint;
      const file = join(folder, "voucher.json");
      const signed = { collection, item: mint.item, deadline, account, signer, signature: bytesToHex(signature) };
      writeFileSync(file, JSON.stringify({ id: voucher, name: "cup", metadata: "ipfs://ipfs/cup", mint: signed }));
      return readRedeemable(file);
    };
    const before = net.chain.best.number;
    await expect(redeem(chain, terms, await kept(), charlie)).rejects.toThrow("for another account");
    await expect(redeem(chain, terms, await kept({ deadline: block.number }), bob)).rejects.toThrow(
      "not redeemed in time",
    );
    await expect(redeem(chain, terms, await kept({ collection: number + 7 }), bob)).rejects.toThrow(
      "issues here no more",
    );
    await expect(redeem(chain, { ...terms, nfts: undefined }, await kept(), bob)).rejects.toThrow("RMRK's");
    expect(net.chain.best.number).toBe(before);
    expect(await redeem(chain, terms, await kept(), bob)).toBe(before + 1);
    await expect(redeem(chain, terms, await kept(), bob)).rejects.toThrow("minted already");
    writeFileSync(join(folder, "voucher.json"), '{"id":"x"}');
    await expect(readRedeemable(join(folder, "voucher.json"))).rejects.toThrow("no voucher that can be redeemed");
  });
});

test.for<readonly [string, object]>([
  ["names", { "skirmish/CUPS": { max: 1 } }],
  ["collection with a size", { "dot4/cups": { max: 1 } }],
  ["collection with a size", { "dot4/CUPS/X": { max: 1 } }],
  ["collection with a size", { "dot4/CUPS": { max: 0 } }],
  ["collection with a size", { "dot4/CUPS": 5 }],
])("what is issued is read strictly: %s", ([sentence, issued]) => {
  expect(() => wanted(issued)).toThrow(sentence === "names" ? 'which "issuers" does not name' : sentence);
});
