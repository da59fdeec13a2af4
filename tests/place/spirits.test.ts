/**
 * The hub of Phala World gives everybody a Spirit, by its rules alone: an item on a real runtime's chain that stays with whoever
 * earned it, and of which nobody gets a second one. Real devnet, gateway, worker, SQLite and client.
 */
import { expect, test } from "vitest";
import { ChainPlace, walletOf, type HubRoom } from "./chain-place.ts";

const eventually = <T>(what: () => T) => expect.poll(what, { timeout: 100_000 });
const look = { race: "xgene", coat: 0, light: 0 } as const;

async function entered(place: ChainPlace): Promise<HubRoom> {
  const hub = await place.enterHub();
  expect(await hub.move({ do: "enter", name: "Ann", ...look })).toEqual({ accepted: true });
  return hub;
}

test("a Spirit that is claimed in a hub is on the chain, soulbound, and one for each player in all hubs together", async () => {
  await using place = await ChainPlace.open({ clock: Date.now }, "hub");
  await place.openHost();
  const hub = await entered(place);
  expect(await hub.move({ do: "claim-spirit" })).toEqual({ accepted: true });
  await eventually(() => hub.vouchers.map(({ symbol, reason }) => [symbol, reason])).toEqual([
    ["spirit", "no-account"],
  ]);
  await hub.linkWallet(walletOf(place.player));
  await place.blocksUntil(() => hub.vouchers[0]?.stage === "final");
  expect(await hub.move({ do: "claim-spirit" })).toMatchObject({ accepted: false });
  // In another hub, of a worker that knows nothing of this one but what it wrote down.
  await place.closeHost();
  await place.openHost();
  const other = await entered(place);
  await other.move({ do: "claim-spirit" });
  const { number } = place.chain.best;
  await place.blocksUntil(() => place.chain.best.number > number + 12);
  const [spirit, ...more] = await place.provenItems();
  expect(more).toEqual([]);
  expect(place.minted().size).toBe(1);
  // It stays with whom it belongs to.
  place.say(place.player, { op: "SEND", nft: spirit!.id, recipient: place.issuer.account });
  place.chain.newBlock();
  expect(await place.provenItems()).toEqual([spirit]);
});
