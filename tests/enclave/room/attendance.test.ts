/** Who is let into a room, to which seat, and who is not. */
import { expect, test } from "vitest";
import { tally } from "./contracts.ts";
import { alice, bob, carol, openRoom } from "./harness.ts";
import { code, twoPlaying } from "./two-playing.ts";

test.for([
  ["room-full", { want: "play" as const }, 1],
  ["watching-refused", { want: "watch" as const }, 2],
] as const)("%s when there is no place left", ([expected, entry, already]) => {
  const it = twoPlaying();
  if (already === 2) it.enter(9, "d".repeat(32) as typeof carol, { want: "watch" });
  expect(() => it.enter(3, carol, entry)).toThrow(code(expected));
});

test("a private room lets in whoever holds the invitation, and its own players without it", () => {
  const it = openRoom(tally);
  const invite = new Uint8Array(16).fill(5);
  it.enter(1, alice, { invite, lock: true });
  it.pass(20);
  expect(() => it.enter(2, bob)).toThrow(code("invite-required"));
  expect(() => it.enter(2, bob, { invite: new Uint8Array(16).fill(6) })).toThrow(code("invite-required"));
  it.enter(2, bob, { invite });
  it.pass(20);
  it.room.drop(2, it.now);
  it.enter(4, bob);
  it.pass(20);
  expect(it.status(1)?.phase).toBe("playing");
  expect(it.listings.at(-1)?.listed).toBe(false);
});

test("nobody can lock a room that somebody has been in", () => {
  const it = openRoom(tally);
  it.enter(1, alice);
  expect(() => it.enter(2, bob, { invite: new Uint8Array(16), lock: true })).toThrow(code("lock-refused"));
  expect(() => it.enter(3, carol, { want: "watch" })).not.toThrow();
});

test("whoever made a room private may say so again", () => {
  const it = openRoom(tally);
  const invite = new Uint8Array(16).fill(5);
  it.enter(1, alice, { invite, lock: true });
  it.pass(20);
  expect(() => it.enter(2, alice, { invite, lock: true })).not.toThrow();
});

test("the same account in a second window takes over the first", () => {
  const it = twoPlaying();
  it.enter(5, alice);
  it.pass(20);
  expect(it.closed.get(1)).toBe("taken-over");
  expect(it.view(5)).toEqual({ total: 0, seen: ["join 0", "join 1"] });
  expect(it.status(5)?.phase).toBe("playing");
  it.move(5, 1, { add: 2 });
  it.pass(20);
  expect(it.view(2)).toMatchObject({ total: 2 });
});

test("leaving is told to the rules at once; a lost connection before the game frees the seat after its grace", () => {
  const it = openRoom(tally);
  it.enter(1, alice);
  it.pass(20);
  it.room.drop(1, it.now);
  it.pass(4000);
  expect(it.listings.at(-1)).toMatchObject({ taken: 1 });
  it.pass(1500);
  expect(it.listings.at(-1)).toMatchObject({ taken: 0, free: 2 });
  it.enter(2, bob);
  it.pass(20);
  expect(it.view(2)).toMatchObject({ seen: ["join 0", "dropped 0", "leave 0", "join 0"] });
});
