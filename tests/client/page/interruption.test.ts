/** What somebody in Phala World is told while their place in it is not there. */
import { h } from "preact";
import { expect, test } from "vitest";
import { developmentPolicy } from "#attestation/policy.ts";
import type { JoinStep } from "#client/join-options.ts";
import { Interruption } from "#world/hud/interruption.tsx";
import { PageState } from "#world/page-state.ts";
import { Visit, type Entrance, type HubRoom } from "#world/room/visit.ts";
import { usualSettings } from "#world/settings.ts";
import { find, show, withData } from "./render.ts";

const never = new Promise<never>(() => undefined);

/** A visit that comes as far as that, and no farther. */
async function visitUpTo(step: JoinStep | null): Promise<Visit> {
  const entrance: Entrance = {
    place: "http://place.example",
    world: new Uint8Array(32),
    contract: new Uint8Array(32),
    policy: developmentPolicy,
    account: () => Promise.resolve({} as never),
    name: "Ada",
    find: () => (step === null ? never : Promise.resolve("room" as never)),
    join: (_url, { onStep }) => {
      onStep?.(step!);
      return never as Promise<HubRoom>;
    },
  };
  const visit = new Visit(entrance);
  void visit.enter();
  await new Promise((resolve) => setTimeout(resolve, 0));
  return visit;
}

test.for([
  ["the hub is looked for", null, "Reaching the hub…"],
  ["its proof is checked", "checking", "Checking its proof…"],
  ["one is being let in", "joining", "Going in…"],
] as const)("while %s, they are told so, and not asked to do what they cannot do yet", async ([, step, words]) => {
  const shown = show(
    h(Interruption, {
      state: new PageState(usualSettings),
      visit: await visitUpTo(step),
      onPanel: () => undefined,
      onEnter: () => undefined,
    }),
  );
  const [notice] = withData(shown, "notice", "joining");
  expect(notice?.children).toEqual([words]);
  expect(notice?.props["role"]).toBe("status");
  expect(find(shown, ({ tag }) => tag === "button")).toEqual([]);
});
