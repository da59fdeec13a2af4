/** What may happen between a win and its item on a real runtime's chain. In the end there is exactly one, whatever died. */
import { deepEqual, equal } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { VoucherStage } from "#client/index.ts";
import { ChainPlace, walletOf, type GateRoom, type PrizesRoom } from "./chain-place.ts";
import { comes, eventually } from "./eventually.ts";

/** @throws on the first thing that is not as it must be. Its name says which it is. */
export type Story = () => Promise<void>;

const stages = (room: PrizesRoom): readonly VoucherStage[] => room.vouchers.map(({ stage }) => stage);
const reasons = (room: PrizesRoom) => room.vouchers.map(({ reason }) => reason);
export const settled =
  (room: PrizesRoom, count = 1) =>
  (): boolean =>
    room.vouchers.length === count && stages(room).every((stage) => stage === "final");

/** A player with a wallet, in a room of a worker that may issue by now. */
async function seated(place: ChainPlace): Promise<PrizesRoom> {
  const room = await place.sitDown();
  await room.linkWallet(walletOf(place.player));
  return room;
}

/**
 * Every voucher that the player was told of is an item of theirs once; there are no others. Neither in what blocks hold, nor
 * in what a page of items proves from the checkpoint on.
 */
export async function expectOnce(place: ChainPlace, ...rooms: readonly PrizesRoom[]): Promise<void> {
  const vouchers = rooms.flatMap((room) => room.vouchers.map(({ voucher }) => voucher));
  deepEqual(place.minted(), new Map(vouchers.map((voucher) => [voucher, [place.player.account]])));
  const shown = (await place.provenItems()).map(({ voucher }) => voucher);
  deepEqual(shown.toSorted(), vouchers.toSorted());
}

export async function winToFinal(): Promise<void> {
  await using place = await ChainPlace.open({ finality: "manual" });
  await place.openHost();
  const room = await place.sitDown();
  const heard: string[] = [];
  room.on("voucher", ({ stage, reason }) => heard.push(reason === null ? stage : `${stage} ${reason}`));
  await room.move({ win: "first" });
  await eventually(() => heard, ["earned no-account"]);
  await room.linkWallet(walletOf(place.player));
  await eventually(() => heard.at(-1), "earned");
  await place.blocksUntil(() => place.mintWaits, true);
  await eventually(() => heard.at(-1), "submitted");
  // In a block, which is not final, for as long as it is not.
  place.chain.newBlock();
  await eventually(() => heard.at(-1), "in-block");
  await place.blocksUntil(settled(room), true);
  deepEqual(heard, ["earned no-account", "earned", "submitted", "in-block", "final"]);
  await expectOnce(place, room);
  // Whoever comes back is told how it stands, and by whom it was issued they have proof.
  const again = await place.sitDown(room.room);
  await eventually(() => stages(again), ["final"]);
  equal(Buffer.from(again.shield.claims.issuer).toString("hex"), place.issuer.account);
}

export async function killedBeforeSubmission(): Promise<void> {
  await using place = await ChainPlace.open();
  await place.openHost();
  const before = await seated(place);
  await before.move({ win: "first" });
  await eventually(() => stages(before), ["earned"]);
  await place.closeHost();
  await place.openHost();
  const room = await place.sitDown(before.room);
  await place.blocksUntil(settled(room));
  await expectOnce(place, room);
}

async function killedBeforeInclusion(forgotten: boolean): Promise<void> {
  await using place = await ChainPlace.open();
  await place.openHost();
  const before = await seated(place);
  await before.move({ win: "first" });
  await place.blocksUntil(() => place.mintWaits);
  await eventually(() => stages(before), ["submitted"]);
  await place.closeHost();
  if (forgotten) await place.restartChain();
  await place.openHost();
  const room = await place.sitDown(before.room);
  await place.blocksUntil(settled(room));
  await expectOnce(place, room);
}

/** A worker is killed between submission and inclusion, and the node still has the transaction: the item is there once. */
export const killedWhileWaiting: Story = () => killedBeforeInclusion(false);

/** The same, and the node has forgotten it. */
export const killedAndForgotten: Story = () => killedBeforeInclusion(true);

/** A reorganisation takes the item's block away: it is in another one, once. */
export async function reorganised(): Promise<void> {
  await using place = await ChainPlace.open({ finality: "manual" });
  await place.openHost();
  const room = await seated(place);
  await room.move({ win: "first" });
  await place.blocksUntil(() => place.mintWaits, true);
  const parent = place.chain.best.hash;
  place.chain.newBlock();
  await eventually(() => stages(room), ["in-block"]);
  const fork = place.chain.newBlock({ parent, transactions: [], best: false });
  place.chain.setBest(place.chain.newBlock({ parent: fork.hash, transactions: [] }).hash);
  await eventually(() => stages(room), ["submitted"]);
  await place.blocksUntil(settled(room), true);
  await expectOnce(place, room);
}

/** Of two live workers on one key the later one issues, the earlier one stops, and what both award is issued once. */
export async function twoWorkers(): Promise<void> {
  await using place = await ChainPlace.open();
  await place.openHost({ workers: 2 });
  const rooms = [await seated(place), await place.sitDown()];
  for (const [i, room] of rooms.entries()) await room.move({ win: `win ${i}` });
  await place.blocksUntil(() => place.events.some(({ event }) => event === "issuing-stopped"));
  await place.blocksUntil(() => place.minted().size === 2);
  for (const room of rooms) await eventually(() => stages(room).filter((stage) => stage === "final").length, 2);
  deepEqual(
    rooms.map(({ vouchers }) => vouchers.length),
    [2, 2],
  );
  await expectOnce(place, rooms[0]!);
  equal(place.events.filter(({ event }) => event === "issuing-stopped").length, 1);
}

/** A chain that is down for a while: nothing is lost, and it goes on by itself when the chain is back. */
export async function chainDown(): Promise<void> {
  await using place = await ChainPlace.open();
  await place.openHost();
  const room = await seated(place);
  const port = Number(new URL(place.devnet.url).port);
  await place.devnet.close();
  await comes(() => place.events.some(({ event }) => event === "chain-trouble"));
  await room.move({ win: "first" });
  await room.move({ win: "second" });
  await eventually(() => stages(room), ["earned", "earned"]);
  await sleep(500);
  await place.openChain(port);
  await place.blocksUntil(settled(room, 2));
  await expectOnce(place, room);
}

/** What a guest has earned is kept through restarts, and redeemed once, when a wallet is linked. */
export async function guestRedeems(): Promise<void> {
  await using place = await ChainPlace.open();
  await place.openHost();
  const guest = await place.sitDown();
  await guest.move({ win: "first" });
  await eventually(() => reasons(guest), ["no-account"]);
  for (let left = 8; left > 0; left--) place.chain.newBlock();
  await place.closeHost();
  await place.openHost();
  const room = await place.sitDown(guest.room);
  await eventually(() => reasons(room), ["no-account"]);
  await room.linkWallet(walletOf(place.player));
  await place.blocksUntil(settled(room));
  await expectOnce(place, room);
}

/** Without a chain what is earned stays a voucher, and is issued once there is one. */
export async function withoutChain(): Promise<void> {
  await using place = await ChainPlace.open();
  const { terms } = place;
  place.terms = undefined;
  await place.openHost({ chain: false });
  const before = await seated(place);
  await before.move({ win: "first" });
  await eventually(() => before.vouchers.map(({ stage, reason }) => `${stage} ${reason}`), ["earned no-chain"]);
  await place.closeHost();
  place.terms = terms;
  await place.openHost();
  const room = await place.sitDown(before.room);
  await place.blocksUntil(settled(room));
  await expectOnce(place, room);
}

/** Without a store what is earned lives as long as its worker, and is issued all the same. */
export async function withoutStore(): Promise<void> {
  await using place = await ChainPlace.open();
  await place.openHost({ store: false });
  const room = await seated(place);
  await room.move({ win: "first" });
  await place.blocksUntil(settled(room));
  await expectOnce(place, room);
}

export async function oneThreadSigns(): Promise<void> {
  await using place = await ChainPlace.open();
  await place.openHost({ workers: 2, allIssue: false });
  const rooms = [await seated(place)];
  while (place.moreWorkers[0]!.rooms === 0) rooms.push(await place.sitDown());
  for (const [i, room] of rooms.entries()) await room.move({ win: `win ${i}` });
  await place.blocksUntil(() => place.minted().size === rooms.length);
  await place.blocksUntil(() => rooms.every((room) => stages(room).every((stage) => stage === "final")));
  const owners = [place.player.account];
  const vouchers = rooms.flatMap((room) => room.vouchers.map(({ voucher }) => voucher));
  deepEqual(place.minted(), new Map(vouchers.map((voucher) => [voucher, owners])));
  deepEqual(
    place.events.filter(({ event }) => event === "issuing-stopped"),
    [],
  );
  equal(place.events.filter(({ event }) => event === "issuer").length, 1);
}

export async function declaredOnly(): Promise<void> {
  await using place = await ChainPlace.open();
  await place.openHost();
  const room = await seated(place);
  await room.move({ win: "first" });
  await room.move({ win: "first" });
  await room.move({ win: "other", item: "CROWNS" });
  await room.move({ win: "inherited", item: "constructor" });
  await room.move({ win: "another's", item: `${place.player.account.slice(0, 18)}-CUPS` });
  await place.blocksUntil(settled(room));
  await place.blocksUntil(() => place.chain.best.number > 20);
  deepEqual(
    room.vouchers.map(({ once }) => once),
    ["first"],
  );
  await expectOnce(place, room);
}

/** An issuer that cannot pay says so, and goes on when it can. */
export async function unfunded(): Promise<void> {
  await using place = await ChainPlace.open({ accounts: [] });
  await place.openHost();
  const room = await seated(place);
  await room.move({ win: "first" });
  await place.blocksUntil(() => room.vouchers[0]?.reason === "issuer-unfunded");
  await place.fundIssuer();
  await place.blocksUntil(settled(room));
  await expectOnce(place, room);
}

/** Rules let through whoever owns an item, as the chain proves it, and nobody while nothing is known. */
export async function gated(): Promise<void> {
  await using place = await ChainPlace.open({ clock: Date.now }, "gate");
  await place.openHost();
  const room: GateRoom = await place.enter();
  const pass = async (): Promise<string> => {
    const outcome = await room.move({ do: "pass" });
    return outcome.accepted ? "through" : outcome.reason;
  };
  equal(await pass(), "What you own is not known just now.");
  await room.linkWallet(walletOf(place.player));
  await room.move({ do: "win" });
  await place.blocksUntil(() => room.view!.known.at(-1)?.[1] === 0);
  equal(await pass(), "You have no cup.");
  await place.blocksUntil(() => room.view!.known.at(-1)?.[1] === 1);
  equal(await pass(), "through");
  // Given away, it is somebody else's.
  const [cup] = place.cups();
  place.say(place.player, { op: "SEND", nft: cup!, recipient: place.issuer.account });
  await place.blocksUntil(() => room.view!.known.at(-1)?.[1] === 0);
  equal(await pass(), "You have no cup.");
  deepEqual(room.view!.through, [0]);
}
