/** What is told of what happens in the world. */
import { expect, test } from "vitest";
import type { Bubbles } from "#world/hud/bubbles.ts";
import { hub } from "#world/island/island.ts";
import { PageState } from "#world/page-state.ts";
import type { WorldEvent } from "#world/port.ts";
import { Rehearsal } from "#world/rehearsal/rehearsal.ts";
import { usualSettings } from "#world/settings.ts";
import { tell } from "#world/telling.ts";

function told(...events: readonly WorldEvent[]): PageState {
  const state = new PageState(usualSettings);
  const bubbles = { say: () => undefined } as unknown as Bubbles;
  const world = new Rehearsal({ island: hub, cast: 0 });
  for (const event of events) tell(event, { state, world, bubbles, play: () => undefined });
  return state;
}

test("words that were refused are not lost: the reason is told, and they are there to be said again", () => {
  const state = told({ kind: "notice", text: "Slower." }, { kind: "unsaid", text: "Is anybody here?" });
  expect(state.chat.value.map(({ name, text }) => [name, text])).toEqual([[null, "Slower."]]);
  expect(state.unsaid.value).toBe("Is anybody here?");
});
