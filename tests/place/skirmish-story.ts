/** From the real rules of an arena to items on a real runtime's chain. */
import { deepEqual } from "node:assert/strict";
import { createRoom } from "#client/index.ts";
import { collectionIdOf } from "#rmrk/ids.ts";
import { expectOnce, settled } from "./awards-stories.ts";
import { ChainPlace, walletOf, type PrizesRoom } from "./chain-place.ts";
import { comes } from "./eventually.ts";

/** A match of Skirmish is won by its own rules, and what was won is on the chain, each once. */
export async function skirmishWon(): Promise<void> {
  await using place = await ChainPlace.open({}, "skirmish");
  await place.openHost();
  const { url } = place.gateway!;
  const options = { field: "small", teams: "2", rounds: "1", minutes: "quarter" };
  for (let match = 0; ; match++) {
    const id = await createRoom(url, { contract: "skirmish", options });
    const bots = await Promise.all(Array.from({ length: 8 }, (_, i) => place.enterArena(id, 10 * match + i)));
    try {
      await comes(() => bots.every(({ room }) => room.status.phase === "ended"));
      // A draw gives nobody anything.
      const best = bots.find(({ room }) => room.seat === room.view!.last!.best);
      if (best === undefined && match < 5) continue;
      const winner = best!.room as unknown as PrizesRoom;
      await comes(() => winner.vouchers.length === 2);
      await winner.linkWallet(walletOf(place.player));
      await place.blocksUntil(settled(winner, 2));
      const collection = collectionIdOf(place.issuer.account, "SKIRMISH");
      deepEqual(
        winner.vouchers.map((voucher) => [voucher.collection, voucher.symbol, voucher.once]),
        [
          [collection, "medal", "round-1"],
          [collection, "trophy", "match"],
        ],
      );
      return await expectOnce(place, winner);
    } finally {
      for (const bot of bots) bot.stop();
    }
  }
}
