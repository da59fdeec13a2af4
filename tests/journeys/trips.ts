/** What takes people away from the plaza: something buried, gates to games and to other hubs, and loading the page again. */
import { expect } from "vitest";
import type { RoomId } from "#protocol/identity.ts";
import { terrain } from "../../contracts/phala-world/terrain.ts";
import type { PhalaWindow } from "./phala-window.ts";

export interface Find {
  readonly x: number;
  readonly z: number;
  readonly kind: string;
}

/** To the east or to the west: whoever looks on one side never comes near what lies on the other. */
export type Side = 1 | -1;

/** There and back, off the paths, in one half of the island. */
const beat = (side: Side): readonly (readonly [x: number, z: number])[] =>
  [17, 21, 13].flatMap((far, i) =>
    Array.from({ length: 7 }, (_, k): readonly [number, number] => {
      const angle = ((i % 2 === 0 ? k - 3 : 3 - k) * Math.PI) / 9;
      return [side * far * Math.cos(angle), far * Math.sin(angle)];
    }),
  );

/** Looks until something shows, and digs it up. */
export async function digSomething(person: PhalaWindow, side: Side): Promise<Find> {
  const until = async (): Promise<boolean> => (await person.finds()).length > 0;
  for (const [x, z] of beat(side)) {
    await person.walkTo(x, z, { until, within: 2 });
    const [find] = await person.finds();
    if (find === undefined) continue;
    await person.digsUp(find);
    return find;
  }
  throw new Error("nothing is buried there");
}

const { gates, island } = terrain.ground;
type GateName = "dot4" | "skirmish" | "wilds";

/** From anywhere off the pedestal onto the gate's path, and into its ring. */
export async function goToGate(person: PhalaWindow, name: GateName): Promise<void> {
  const i = island.gates.findIndex(({ id }) => id === name);
  const { x, z } = gates[i]!;
  const from = await person.settled();
  // Around the Origin, for whoever comes from behind it.
  if (from.x * x + from.z * z < 0) {
    const side = from.x * z - from.z * x > 0 ? -1 : 1;
    const far = Math.hypot(x, z) / 7;
    await person.walkTo((-side * z) / far, (side * x) / far, { within: 2 });
  }
  await person.walkTo(x * 0.55, z * 0.55, { within: 2 });
  // Where frames are drawn seldom, the room may have one elsewhere than the page had a moment ago.
  do await person.walkTo(x, z, { within: 1.6 });
  while (!(await person.find('[data-action="travel"]').isVisible()));
}

/** A reload does: the place, the body. */
export async function keepsEverything(person: PhalaWindow, name: string): Promise<void> {
  const [before, look] = [await person.at(), (await person.sees(name))?.look];
  await person.page.reload({ waitUntil: "commit" });
  await person.inside();
  await expect.poll(async () => (await person.sees(name))?.look, { timeout: 180_000 }).toBe(look);
  const after = await person.at();
  expect(Math.hypot(after.x - before.x, after.z - before.z)).toBeLessThan(1);
}

/** And the shelf. */
export async function hasDeeds(person: PhalaWindow, deeds: string): Promise<void> {
  await person.openPanel("soul");
  expect(await person.find('[data-part="deeds"]').innerText()).toContain(deeds);
  await person.find("[data-part-name][data-worn]").first().waitFor();
  await person.closePanel();
}

/** Through the gate to the other hub, as from the address that everybody has. */
export async function goToOtherHub(person: PhalaWindow, to: RoomId): Promise<void> {
  await goToGate(person, "wilds");
  await person.page.evaluate(() => {
    history.replaceState(null, "", location.pathname + location.hash);
    document.documentElement.dataset["before"] = "";
  });
  await person.use("travel");
  await person.find("html:not([data-before])").waitFor({ state: "attached" });
  expect(new URL(person.page.url()).hash).toBe(`#room=${to}`);
  await person.inside();
  await person.hears("You have come from another hub.");
}
