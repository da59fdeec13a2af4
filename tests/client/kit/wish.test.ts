/** Links: what is in them, and what they can and cannot decide. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import { pageBeside, placeOf, readPasted, readWish, writeWish, type Wish } from "#kit/wish.ts";

const room = "3fa2c01d9e8b7a654321" as RoomId;
const page = "https://play.example.org/dot4/";

const wishes: fc.Arbitrary<Wish> = fc.record(
  {
    room: fc
      .array(fc.constantFrom(..."0123456789abcdef".split("")), { minLength: 20, maxLength: 20 })
      .map((digits) => digits.join("") as RoomId),
    want: fc.constantFrom("play" as const, "watch" as const),
    invite: fc.uint8Array({ minLength: 16, maxLength: 32 }),
  },
  { requiredKeys: ["room", "want"] },
);

test("a link says what was wished, and the address before the fragment stays as it was", () => {
  fc.assert(
    fc.property(wishes, (wish) => {
      const link = writeWish(page, wish);
      expect(readWish(link)).toEqual(wish);
      expect(link.split("#")[0]).toBe(page);
    }),
  );
});

test("the creator's lock is never part of a link", () => {
  const link = writeWish(page, { room, want: "play", invite: new Uint8Array(16), lock: true });
  expect(readWish(link)).not.toHaveProperty("lock");
  expect(link).not.toContain("lock");
});

test.for([["#room=xyz"], [`#room=${room}&invite=short`], [`#room=${room}&invite=***`]])("%s is refused", ([link]) => {
  expect(() => readWish(link!)).toThrow(expect.objectContaining({ code: "invite-malformed" }));
});

test.for([
  ["a link to this very page", `${page}#room=${room}`, "wish"],
  ["a fragment alone", `#room=${room}&watch`, "wish"],
  ["white space around it", `  ${page}#room=${room}\n`, "wish"],
  ["a link to another origin", `https://elsewhere.example/#room=${room}`, "elsewhere"],
  ["the same page at another place", `${page}?at=https://other.example#room=${room}`, "elsewhere"],
  ["text without a room", "hello", "nothing"],
] as const)("%s is understood", ([, text, kind]) => {
  expect(readPasted(text, page).kind).toBe(kind);
});

test.for([
  ["https://play.example.org/", "https://play.example.org/"],
  ["https://page.example/?at=https://play.example.org", "https://play.example.org/"],
  ["https://page.example/?at=wss://play.example.org/eu", "wss://play.example.org/eu"],
  ["https://page.example/?at=javascript:alert(1)", undefined],
  ["https://page.example/?at=nonsense", undefined],
  ["file:///srv/page/index.html", undefined],
] as const)("%s connects to %s", ([address, place]) => {
  expect(placeOf(address)).toBe(place);
});

test.for([
  ["of the place that this page came from", "https://play.example.org/world/?quality=low#room=1", "../dot4/", "/dot4/"],
  [
    "of the place that this page asks",
    "https://a.example/w/?at=wss://b.example#x",
    "./",
    "/w/?at=wss%3A%2F%2Fb.example",
  ],
] as const)("the page beside is %s", ([, from, folder, beside]) => {
  const address = pageBeside(from, folder, room);
  expect(address).toBe(`${new URL(from).origin}${beside}#room=${room}`);
  expect(placeOf(address)).toBe(placeOf(from));
});
