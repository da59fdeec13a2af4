/** What somebody signs on the page of items, where the way to the chain is gone just then. */
import { Keyring } from "@polkadot/api";
import { expect, onTestFinished, test } from "vitest";
import { developmentChainTerms } from "#cli/chain-terms.ts";
import { Following } from "#inventory/chain/following.ts";
import { HttpChain } from "#inventory/chain/http-chain.ts";
import { readChainTerms } from "#inventory/chain/terms.ts";
import { InventoryState } from "#inventory/inventory-state.ts";
import { chainLimits, decodeChainList, encodeChainList } from "#protocol/chain-link.ts";
import { accountOf } from "#rmrk/account.ts";
import { collectionIdOf } from "#rmrk/ids.ts";
import { askingOf } from "../../browser/items-pages.ts";
import { DevnetWorld, prefix } from "../../enclave/reward/devnet-world.ts";

test("what was signed when nobody could be asked is sent again by itself, and is not said to have failed", async () => {
  await using world = await DevnetWorld.start();
  world.chain.newBlock();
  const { service, api } = await askingOf(world.net.url);
  onTestFinished(async () => {
    await api.disconnect();
    service.close();
  });
  let away = false;
  const chain = new HttpChain("http://localhost", async (_url, { body }) => {
    if (away) throw new TypeError("gone");
    const questions = decodeChainList(body as Uint8Array, chainLimits.listed);
    const answers = await Promise.all(questions.map((question) => service.answerOnce(question)));
    return new Response(Buffer.from(encodeChainList(answers)));
  });
  const terms = readChainTerms({ chain: { ...developmentChainTerms(world.chain), prefix } })!;
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
  const following = new Following(terms, chain, { wait });
  const pair = new Keyring({ type: "sr25519" }).addFromUri("//Bob");
  const signPayload = async (payload: { readonly version: number }) => {
    // While its owner looks at the wallet.
    away = true;
    const typed = api.registry.createType("ExtrinsicPayload", payload, { version: payload.version });
    return (typed as unknown as { sign(by: unknown): { signature: string } }).sign(pair);
  };
  const accounts = { get: async () => [{ address: pair.address, name: "Bob", type: "sr25519" }] };
  const enable = async () => ({ accounts, signer: { signPayload } });
  const state = new InventoryState({
    terms,
    chain,
    following,
    injected: () => ({ "polkadot-js": { version: "0.62.1", enable } }),
    link: undefined,
    keep: { read: () => null, write: () => undefined },
  });
  const running = following.run();
  onTestFinished(() => {
    following.stop();
    return running;
  });
  await state.open("polkadot-js");
  await expect.poll(() => state.standing.view?.block.number).toBe(1);
  const issuer = accountOf(pair.publicKey);
  const id = collectionIdOf(issuer, "RINGS");
  const create = { op: "CREATE", id, issuer, symbol: "RINGS", max: 0, metadata: "ipfs://rings" } as const;
  await state.undertake("Make rings", { interactions: [create], payments: [] }, ({ items }) =>
    items.collections.has(id),
  );
  const last = () => state.undertakings.value.at(-1)!;
  expect(last()).toMatchObject({ stage: "submitted", reason: expect.stringContaining("sends it again") });
  away = false;
  await expect.poll(() => world.chain.pool.ready).toBe(1);
  await expect.poll(() => last().reason).toBeUndefined();
  world.chain.newBlock();
  await expect.poll(() => last().stage).toBe("final");
});
