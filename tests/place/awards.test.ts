/**
 * A player wins something, and it becomes an item on a real runtime's chain: once, whatever dies on the way. Real devnet,
 * gateway, worker, SQLite and client.
 */
import { expect, test } from "vitest";
import type { VoucherStage } from "#client/index.ts";
import { ChainPlace, walletOf, type PrizesRoom } from "./chain-place.ts";

const eventually = <T>(what: () => T) => expect.poll(what, { timeout: 100_000 });
const stages = (room: PrizesRoom): readonly VoucherStage[] => room.vouchers.map(({ stage }) => stage);

test("from a win to a final item: earned, submitted, in a block, final; to the wallet that the player has linked", async () => {
  await using place = await ChainPlace.open();
  await place.openHost();
  const room = await place.sitDown();
  const heard: string[] = [];
  room.on("voucher", ({ stage, reason }) => heard.push(reason === null ? stage : `${stage} ${reason}`));
  await room.move({ win: "first" });
  await eventually(() => heard).toEqual(["earned no-account"]);
  await room.linkWallet(walletOf(place.player));
  await place.blocksUntil(() => stages(room)[0] === "final");
  expect(heard.slice(0, 2)).toEqual(["earned no-account", "earned"]);
  expect(heard.at(-1)).toBe("final");
  const [voucher] = room.vouchers;
  expect(place.minted()).toEqual(new Map([[voucher!.voucher, [place.player.account]]]));
});
