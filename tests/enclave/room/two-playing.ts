/** A room in which Alice and Bob play, and how it refuses. */
import { expect } from "vitest";
import { tally } from "./contracts.ts";
import { alice, bob, openRoom, type RoomUnderTest } from "./harness.ts";

/** Alice on connection 1 and Bob on 2. */
export function twoPlaying(): RoomUnderTest {
  const it = openRoom(tally);
  it.enter(1, alice);
  it.enter(2, bob);
  it.pass(100);
  return it;
}

export const code = (error: string): object => expect.objectContaining({ code: error });
