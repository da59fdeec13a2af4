/** The ways through the page of Skirmish: into an arena, out of it, and what is said when there is no way. */
import { expect, test, vi } from "vitest";
import { developmentPolicy } from "#attestation/policy.ts";
import { ClientError } from "#client/errors.ts";
import type { BuiltIn } from "#kit/built-in.ts";
import { readWish, type Wish } from "#kit/wish.ts";
import type { RoomId } from "#protocol/identity.ts";
import { PageState, type Surroundings } from "../../../client/skirmish/page-state.ts";

const room = "0123456789abcdef0123" as RoomId;
const other = "ffff456789abcdef0123" as RoomId;
const page = "https://play.example/skirmish/";

function open(given: Partial<Surroundings> = {}) {
  const wishes: Wish[] = [];
  const links: string[] = [];
  const state = new PageState({
    builtIn: { world: new Uint8Array(32), contracts: {}, policy: developmentPolicy } as unknown as BuiltIn,
    keepsakes: {
      name: () => "Ada",
      keepName: vi.fn(),
      keepFingerprint: vi.fn(),
    } as unknown as Surroundings["keepsakes"],
    slot: 0,
    place: "https://play.example",
    address: { page, go: (link) => void links.push(link) },
    entrance: () => ({
      join: (wish) => {
        wishes.push(wish);
        return Promise.reject(new ClientError("room-full", { source: "room" }));
      },
      predictor: () => Promise.resolve(undefined),
      figures: false,
    }),
    findArena: () => Promise.resolve(room),
    createRoom: () => Promise.resolve(other),
    ...given,
  });
  return { state, wishes, links };
}

test("Play now leads to the arena that is found, and the address bar says so", async () => {
  const { state, wishes, links } = open();
  await state.playNow();
  expect(wishes).toEqual([{ room, want: "play" }]);
  expect(readWish(links.at(-1)!)).toEqual({ room, want: "play" });
  expect(state.link.value).toBe(links.at(-1));
});

test("a private arena is locked by a new secret each time, and the link to it has the secret", async () => {
  const { state, wishes, links } = open();
  await state.createPrivate();
  await state.createPrivate();
  const [first, second] = wishes;
  expect(first).toMatchObject({ room: other, want: "play", lock: true });
  expect(first!.invite).toHaveLength(16);
  expect(first!.invite).not.toEqual(second!.invite);
  expect(readWish(links.at(-1)!)).toEqual({ room: other, want: "play", invite: second!.invite });
});

test("why there is no way in is kept for the page to say", async () => {
  const { state } = open();
  await state.playNow();
  expect(state.visit.value?.step.value).toBe("closed");
  expect(state.visit.value?.failure.value?.code).toBe("room-full");
  state.toLobby();
  expect(state.visit.value).toBeNull();
});

test("what the gateway refuses is a sentence in the lobby", async () => {
  const refuse = (): Promise<never> => Promise.reject(new ClientError("rate-limited", { source: "gateway" }));
  const { state } = open({ findArena: refuse });
  await state.playNow();
  expect(state.visit.value).toBeNull();
  expect(state.trouble.value).toMatch(/Too many requests/);
  expect(state.asking.value).toBe(false);
});

test("a link that is not complete, and a place that is no address, are sentences in the lobby", async () => {
  const { state, wishes } = open();
  await state.follow("#room=123");
  expect(state.trouble.value).toMatch(/not complete/);
  expect(wishes).toEqual([]);
  expect(open({ place: undefined }).state.trouble.value).toMatch(/no address/);
});

test("the same link again changes nothing, another one leads elsewhere, none leads to the lobby", async () => {
  const { state, wishes } = open();
  await state.follow(`#room=${room}`);
  await state.follow(`#room=${room}`);
  expect(wishes).toHaveLength(1);
  await state.follow(`#room=${other}&watch`);
  expect(wishes.at(-1)).toMatchObject({ room: other, want: "watch" });
  await state.follow("");
  expect(state.visit.value).toBeNull();
});
