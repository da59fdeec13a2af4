/** The ways through the page: who one is, which room one gets into, and what is remembered. */
import { expect, test } from "vitest";
import { claimSlot, seatedHere } from "#kit/device-player.ts";
import { readWish } from "#kit/wish.ts";
import { Browser, fakeRoom, openPage, refusing, room } from "./surroundings.ts";
import { viewWith } from "./views.ts";

test("two windows of one browser are two players, and a closed window's player is free again", async () => {
  const browser = new Browser();
  const first = browser.openWindow();
  expect(await claimSlot(first.locks, first.keepsakes, false)).toBe(0);
  const second = browser.openWindow();
  expect(await claimSlot(second.locks, second.keepsakes, false)).toBe(1);
  first.close();
  const third = browser.openWindow();
  expect(await claimSlot(third.locks, third.keepsakes, false)).toBe(0);
});

test("a window that is reloaded stays the player it was", async () => {
  const browser = new Browser();
  const first = browser.openWindow();
  await claimSlot(first.locks, first.keepsakes, false);
  const second = browser.openWindow();
  await claimSlot(second.locks, second.keepsakes, false);
  // Whether or not the page that was there before has let go by now.
  expect(await claimSlot(second.locks, second.keepsakes, true)).toBe(1);
  first.close();
  second.close();
  expect(await claimSlot(second.locks, second.keepsakes, false)).toBe(1);
});

test("a copy of a window is another player than the window it was copied from", async () => {
  const browser = new Browser();
  const first = browser.openWindow();
  await claimSlot(first.locks, first.keepsakes, false);
  const copy = { ...browser.openWindow(), keepsakes: first.keepsakes };
  expect(await claimSlot(copy.locks, copy.keepsakes, false)).toBe(1);
});

test("quick match leads into the room that the gateway names, and the address bar says so", async () => {
  const { state, joins, links } = openPage({ window: new Browser().openWindow(), slot: 0 });
  await state.playNow();
  expect(joins).toEqual([expect.objectContaining({ room, want: "play" })]);
  expect(joins[0]).not.toHaveProperty("lock");
  expect(links.at(-1)).toBe(`https://play.example.org/#room=${room}`);
  expect(state.visit.value?.stage.value).toBe("joined");
});

test("a private game is locked by its creator with a new secret, which is in the link and nowhere else", async () => {
  const { state, joins, links } = openPage({ window: new Browser().openWindow(), slot: 0 });
  await state.createPrivate();
  await state.createPrivate();
  const [first, second] = joins;
  expect(first).toMatchObject({ lock: true, want: "play" });
  expect(first?.invite).toHaveLength(16);
  expect(first?.invite).not.toEqual(second?.invite);
  expect(readWish(links.at(-1)!)).toEqual({ room, want: "play", invite: second?.invite });
});

test("what the gateway refuses is a sentence in the lobby", async () => {
  const { state } = openPage({ window: new Browser().openWindow(), slot: 0, quickMatch: refusing("rate-limited") });
  await state.playNow();
  expect(state.screen.value.at).toBe("lobby");
  expect(state.trouble.value).toMatch(/Too many requests/);
  expect(state.asking.value).toBeNull();
});

test("a link that is not complete is a sentence in the lobby", async () => {
  const { state, joins } = openPage({ window: new Browser().openWindow(), slot: 0 });
  await state.follow("#room=123");
  expect(state.trouble.value).toMatch(/not complete/);
  expect(joins).toEqual([]);
});

test("a link for watching watches", async () => {
  const { state, joins } = openPage({ window: new Browser().openWindow(), slot: 0 });
  await state.follow(`#room=${room}&watch`);
  expect(joins).toEqual([expect.objectContaining({ room, want: "watch" })]);
});

test("a seat is remembered until the game is over, and leads back to the room", async () => {
  const window = new Browser().openWindow();
  const live = fakeRoom();
  const { state } = openPage({ window, slot: 0, join: () => Promise.resolve(live) });
  await state.playNow();
  state.remember(state.visit.value!);
  state.toLobby();
  expect(state.going.value).toMatchObject({ room });

  await state.enter(state.going.value!);
  const over = { phase: "ended", waiting: [], spectators: 0, ended: { how: "finished", result: null } };
  live.emit("status", over, live.status);
  state.remember(state.visit.value!);
  state.toLobby();
  expect(state.going.value).toBeNull();
});

test("a room that is open in another window asks who comes, and takes over only when told to", async () => {
  const browser = new Browser();
  const first = browser.openWindow();
  const second = browser.openWindow();
  const one = openPage({ window: first, slot: await claimSlot(first.locks, first.keepsakes, false) });
  await one.state.playNow();
  one.state.remember(one.state.visit.value!);

  const two = openPage({ window: second, slot: await claimSlot(second.locks, second.keepsakes, false) });
  expect(await seatedHere(second.locks, second.keepsakes, 1, room)).toEqual({ slot: 0, open: true });
  await two.state.follow(`#room=${room}`);
  expect(two.state.screen.value.at).toBe("choice");
  expect(two.joins).toEqual([]);
  await two.state.choose("take-over");
  expect(two.players).toEqual([0]);

  const again = openPage({ window: second, slot: 1 });
  await again.state.follow(`#room=${room}`);
  await again.state.choose("other-player");
  expect(again.players).toEqual([1]);
});

test("quick match in a second window sits down as another player without asking", async () => {
  const browser = new Browser();
  const first = browser.openWindow();
  const one = openPage({ window: first, slot: await claimSlot(first.locks, first.keepsakes, false) });
  await one.state.playNow();
  one.state.remember(one.state.visit.value!);
  const second = browser.openWindow();
  const two = openPage({ window: second, slot: await claimSlot(second.locks, second.keepsakes, false) });
  await two.state.playNow();
  expect(two.players).toEqual([1]);
  expect(two.state.screen.value.at).toBe("room");
});

test("two players of one browser in one room are both led back to their own seats", async () => {
  const browser = new Browser();
  const windows = [browser.openWindow(), browser.openWindow()];
  for (const [slot, window] of windows.entries()) {
    const page = openPage({ window, slot: await claimSlot(window.locks, window.keepsakes, false) });
    await page.state.playNow();
    page.state.remember(page.state.visit.value!);
    expect(page.players).toEqual([slot]);
  }
  for (const [slot, window] of windows.entries()) {
    const reloaded = openPage({ window, slot });
    await reloaded.state.follow(`#room=${room}`);
    expect(reloaded.players).toEqual([slot]);
  }
});

test("a seat whose window was closed is simply taken up again", async () => {
  const browser = new Browser();
  const first = browser.openWindow();
  const one = openPage({ window: first, slot: await claimSlot(first.locks, first.keepsakes, false) });
  await one.state.playNow();
  one.state.remember(one.state.visit.value!);
  const other = browser.openWindow();
  const otherSlot = await claimSlot(other.locks, other.keepsakes, false);
  first.close();
  const two = openPage({ window: other, slot: otherSlot });
  await two.state.follow(`#room=${room}`);
  expect(two.players).toEqual([0]);
});

test("a typed fingerprint is believed for the next visit, and only if it is one", async () => {
  const { state, joins } = openPage({
    window: new Browser().openWindow(),
    slot: 0,
    join: refusing("development-refused"),
  });
  await state.playNow();
  expect(joins[0]?.policy.development).toBe("loopback");
  expect(await state.typeFingerprint("not one", state.visit.value!.wish)).toBe(false);
  expect(joins).toHaveLength(1);
  expect(await state.typeFingerprint("AB".repeat(32), state.visit.value!.wish)).toBe(true);
  expect(joins[1]?.policy.development).toEqual({ fingerprints: ["ab".repeat(32)] });
});

test("a visit shows the steps as they are taken, and why it ended", async () => {
  const stages: string[] = [];
  const { state } = openPage({
    window: new Browser().openWindow(),
    slot: 0,
    join: (_url, { onStep }) => {
      for (const step of ["reaching", "checking", "joining"] as const) {
        onStep?.(step);
        stages.push(state.visit.value!.stage.value);
      }
      return refusing("room-full")();
    },
  });
  await state.playNow();
  expect(stages).toEqual(["reaching", "checking", "joining"]);
  expect(state.visit.value?.stage.value).toBe("closed");
  expect(state.visit.value?.failure.value?.code).toBe("room-full");
});

test("a visit that was given up joins nothing, and says nothing about it", async () => {
  let closed = 0;
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<ReturnType<typeof fakeRoom>>();
  const { state } = openPage({
    window: new Browser().openWindow(),
    slot: 0,
    join: () => {
      asked.resolve();
      return answer.promise;
    },
  });
  const playing = state.playNow();
  await asked.promise;
  state.toLobby();
  answer.resolve(fakeRoom({ close: () => void closed++ }));
  await playing;
  expect(closed).toBe(1);
  expect([state.screen.value.at, state.asking.value, state.trouble.value]).toEqual(["lobby", null, null]);
});

test("a refused move says the rule's reason, and one move at a time is on its way", async () => {
  let answer: (outcome: { accepted: false; reason: string }) => void = () => undefined;
  let moves = 0;
  const live = fakeRoom({
    move: () => {
      moves++;
      return new Promise((resolve) => (answer = resolve));
    },
  });
  const { state } = openPage({ window: new Browser().openWindow(), slot: 0, join: () => Promise.resolve(live) });
  await state.playNow();
  const visit = state.visit.value!;
  const first = visit.move({ kind: "drop", side: "top", line: 0 });
  await visit.move({ kind: "drop", side: "top", line: 1 });
  expect([moves, visit.busy.value]).toEqual([1, true]);
  answer({ accepted: false, reason: "It is your opponent's turn." });
  await first;
  expect([visit.busy.value, visit.refusal.value]).toEqual([false, "It is your opponent's turn."]);
});

test("only a drop that happens while one looks is shown moving", async () => {
  const live = fakeRoom();
  const { state } = openPage({ window: new Browser().openWindow(), slot: 0, join: () => Promise.resolve(live) });
  await state.playNow();
  const visit = state.visit.value!;
  expect(visit.moving.value).toBe(false);
  const next = viewWith([[[0, 9], 0]], {
    last: { seat: 0, side: "top", line: 0, path: [[0, 9]], explosion: null },
  });
  live.emit("view", next, live.view);
  expect(visit.moving.value).toBe(true);
  expect(visit.story.value.map(({ sentence }) => sentence)).toEqual([
    "You dropped from the top into column A: it rests on A10.",
  ]);
  live.emit("view", { ...next, turn: 1 }, next);
  expect(visit.moving.value).toBe(false);
});
