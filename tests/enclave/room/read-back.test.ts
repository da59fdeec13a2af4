/** A room that was read back from its log goes on where it was. */
import { describe, expect, test } from "vitest";
import { inProcess } from "#testing/in-process.ts";
import { tally } from "./contracts.ts";
import { alice, bob, carol, openRoom, type RoomUnderTest } from "./harness.ts";
import { handedOver, repeated } from "./repeated.ts";

describe("a room that was read back", () => {
  const before = (): RoomUnderTest => {
    const it = openRoom(tally);
    it.enter(1, alice, { lock: true, invite: new Uint8Array(16).fill(9) });
    it.enter(2, bob, { invite: new Uint8Array(16).fill(9) });
    it.pass(20);
    it.move(1, 1, { add: 2 });
    it.move(2, 1, { add: -1 });
    it.pass(20);
    return it;
  };

  test("waits for everybody, and goes on where it was", () => {
    const it = openRoom(tally, { course: repeated(tally, before()) });
    expect(it.room.phase).toBe("paused");
    it.enter(11, alice);
    it.pass(500);
    expect(it.room.phase).toBe("paused");
    expect(it.view(11)).toBeUndefined();
    it.enter(12, bob);
    it.pass(20);
    expect(it.room.phase).toBe("playing");
    expect(it.view(11)).toMatchObject({
      total: 2,
      seen: ["join 0", "join 1", "dropped 0", "dropped 1", "returned 0", "returned 1"],
    });
    it.move(11, 2, { add: 3 });
    it.pass(20);
    expect(it.view(12)).toMatchObject({ total: 5 });
  });

  test("answers a move that is sent again as it was answered, and takes it once", () => {
    const it = openRoom(tally, { course: repeated(tally, before()) });
    it.enter(11, alice);
    it.enter(12, bob);
    expect(it.told(12)[0]).toMatchObject({ type: "admitted", seat: 1, moves: 1, locked: true });
    it.move(11, 1, { add: 2 });
    it.move(12, 1, { add: -1 });
    it.pass(20);
    expect(it.outcomes(11)).toEqual([[1, null]]);
    expect(it.outcomes(12)).toEqual([[1, "Only upwards."]]);
    expect(it.view(11)).toMatchObject({ total: 2 });
  });

  test("lets nobody in who has no invitation, and nobody lock it again", () => {
    const it = openRoom(tally, { course: repeated(tally, before()) });
    expect(() => it.enter(11, carol, { want: "watch" })).toThrow(expect.objectContaining({ code: "invite-required" }));
  });

  test("is over if it was", () => {
    const live = before();
    live.move(1, 2, { over: true });
    live.pass(20);
    const it = openRoom(tally, { course: repeated(tally, live) });
    expect(it.room.phase).toBe("ended");
    it.enter(11, alice);
    it.pass(20);
    expect(it.status(11)?.ended).toEqual({ how: "finished", result: { total: 2 } });
    expect(it.view(11)).toMatchObject({ total: 2 });
  });

  test("still gives up those who stay away for too long", () => {
    const it = openRoom(tally, { course: repeated(tally, before()) });
    it.enter(11, alice);
    it.pass(11_000);
    expect(it.status(11)?.ended).toEqual({ how: "abandoned", result: { total: 2, absent: [1] } });
  });

  test("is recorded further from the boundary it stands at", () => {
    const live = before();
    const it = openRoom(tally, { course: repeated(tally, live) });
    it.enter(11, alice);
    it.enter(12, bob);
    it.pass(20);
    it.move(11, 2, { add: 9 });
    it.pass(2000);
    const whole = handedOver(inProcess(tally), [...live.boundaries, ...it.boundaries], -1);
    expect(whole.tick).toBe(it.boundaries.at(-1)!.tick);
    expect(whole.views.of(0)?.value).toEqual(it.view(11));
    expect((it.view(11) as unknown as { seen: string[] }).seen.at(-1)).toMatch(/^timer nine at/);
  });
});
