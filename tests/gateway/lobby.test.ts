/** The lobby and quick match, by themselves. */
import { expect, test } from "vitest";
import type { Listing } from "#protocol/control.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { Lobby } from "#gateway/lobby.ts";
import { QuickMatch } from "#gateway/matchmaker.ts";

const limits = { lobbyRooms: 4, promiseMs: 1000 };
const id = (n: number): RoomId => String(n).padStart(20, "0") as RoomId;
const slow = { pace: "slow" };

const listing = (n: number, of: Partial<Listing> = {}): Listing => ({
  room: id(n),
  contract: "echo",
  taken: 0,
  free: 2,
  phase: "open",
  options: slow,
  listed: true,
  ...of,
});

function lobbyOf(...listings: Listing[]): Lobby {
  const lobby = new Lobby(limits);
  for (const each of listings) lobby.update(each);
  return lobby;
}

test("nothing is kept of a room that is not listed, or has ended", () => {
  const lobby = lobbyOf(listing(1, { listed: false }), listing(2, { phase: "ended" }), listing(3));
  expect(lobby.size).toBe(1);
  lobby.update(listing(3, { phase: "ended" }));
  expect(lobby.size).toBe(0);
});

test("a full lobby takes no new room, and still follows those it has", () => {
  const lobby = lobbyOf(listing(1), listing(2), listing(3), listing(4));
  expect(lobby.update(listing(5))).toBe(false);
  expect(lobby.update(listing(4, { taken: 1, free: 1 }))).toBe(true);
  expect(lobby.list("echo", 9).map(({ room }) => room)).toEqual([1, 2, 3, 4].map(id));
  lobby.remove(id(1));
  expect(lobby.update(listing(5))).toBe(true);
});

test("rooms with a free seat come first, oldest first", () => {
  const lobby = lobbyOf(listing(1, { phase: "playing" }), listing(2, { free: 0 }), listing(3), listing(4));
  expect(lobby.list(undefined, 3).map(({ room }) => room)).toEqual([3, 4, 1].map(id));
});

test.for([
  ["other rules", listing(1, { contract: "chess" })],
  ["another option", listing(1, { options: { pace: "fast" } })],
  ["one option more", listing(1, { options: { pace: "slow", size: "9" } })],
  ["no free seat", listing(1, { free: 0 })],
  ["a game in progress", listing(1, { phase: "playing" })],
  ["a paused game", listing(1, { phase: "paused" })],
] as const)("a room of %s is not found", ([, other]) => {
  expect(lobbyOf(other).find("echo", slow, 0)).toBeUndefined();
});

test("a seat is promised to one person", () => {
  const lobby = lobbyOf(listing(1), listing(2, { free: 1 }));
  expect([0, 1, 2, 3].map((now) => lobby.find("echo", slow, now))).toEqual([id(1), id(1), id(2), undefined]);
});

test("a promise ends when its holder sits down", () => {
  const lobby = lobbyOf(listing(1));
  lobby.find("echo", slow, 0);
  lobby.update(listing(1, { taken: 1, free: 1 }));
  expect(lobby.find("echo", slow, 1)).toBe(id(1));
  expect(lobby.find("echo", slow, 1)).toBeUndefined();
});

test("a promise ends when its holder does not come", () => {
  const lobby = lobbyOf(listing(1, { free: 1 }));
  lobby.find("echo", slow, 0);
  expect(lobby.find("echo", slow, limits.promiseMs - 1)).toBeUndefined();
  expect(lobby.find("echo", slow, limits.promiseMs)).toBe(id(1));
});

test("a room that is gone takes its promises with it", () => {
  const lobby = lobbyOf(listing(1, { free: 1 }));
  lobby.find("echo", slow, 0);
  lobby.remove(id(1));
  lobby.promise(id(1), 0);
  lobby.update(listing(1, { free: 1 }));
  expect(lobby.find("echo", slow, 0)).toBe(id(1));
});

function matchmaker(create: (n: number) => Promise<RoomId>) {
  const lobby = new Lobby(limits);
  let made = 0;
  const quickMatch = new QuickMatch({ lobby, create: () => create((made += 1)), now: () => 0 });
  return { lobby, quickMatch, made: () => made };
}

const allowed = (): void => undefined;

test("people who ask while a room is being made share it", async () => {
  const { lobby, quickMatch, made } = matchmaker((n) => {
    lobby.update(listing(n));
    return Promise.resolve(id(n));
  });
  const rooms = await Promise.all([1, 2, 3].map(() => quickMatch.match("echo", slow, allowed)));
  expect(rooms).toEqual([id(1), id(1), id(2)]);
  expect(made()).toBe(2);
});

test("the order in which options are written makes no difference", async () => {
  const both = { a: "1", b: "2" };
  const { lobby, quickMatch } = matchmaker((n) => {
    lobby.update(listing(n, { options: both }));
    return Promise.resolve(id(n));
  });
  const rooms = [quickMatch.match("echo", both, allowed), quickMatch.match("echo", { b: "2", a: "1" }, allowed)];
  expect(await Promise.all(rooms)).toEqual([id(1), id(1)]);
});

test("whoever may not make a room is refused, and the next in line is served", async () => {
  const { lobby, quickMatch, made } = matchmaker((n) => {
    lobby.update(listing(n));
    return Promise.resolve(id(n));
  });
  const refused = quickMatch.match("echo", slow, () => {
    throw new ProtocolError("rate-limited");
  });
  const served = quickMatch.match("echo", slow, allowed);
  await expect(refused).rejects.toMatchObject({ code: "rate-limited" });
  expect(await served).toBe(id(1));
  expect(made()).toBe(1);
});

test("a worker that makes no rooms gathers no endless queue", async () => {
  let fail: (error: Error) => void = () => undefined;
  const stuck = new Promise<RoomId>((_, reject) => (fail = reject));
  const { quickMatch } = matchmaker(() => stuck);
  const waiting = Array.from({ length: 256 }, () => quickMatch.match("echo", slow, allowed));
  await expect(quickMatch.match("echo", slow, allowed)).rejects.toMatchObject({ code: "busy" });
  fail(new ProtocolError("worker-lost"));
  for (const outcome of await Promise.allSettled(waiting))
    expect(outcome).toMatchObject({ reason: { code: "worker-lost" } });
});
