/** The life of a character, step by step, by whatever somebody plays with; and each screen of it is looked at. */
import { expect } from "vitest";
import type { Screens } from "./axe.ts";
import type { PhalaWindow } from "./phala-window.ts";

/** From no Spirit to an Origin of Shell that was fed twice. @param size names the screens. */
export async function raise(person: PhalaWindow, screens: Screens, size: string): Promise<void> {
  const { page } = person;
  await person.openPanel("soul");
  await screens.look(`${size}: no Spirit`, page);
  await person.act("claim-spirit");
  // On sale for all from the fourth era on.
  await person.find('[data-action="buy-origin"]').waitFor();
  await screens.look(`${size}: on sale`, page);
  await person.act("buy-origin");
  await person.act("incubate");
  await person.act("feed");
  await person.find('[data-origin][data-energy="3"]').waitFor();
  await person.act("feed");
  await person.find('[data-origin][data-energy="6"]').waitFor();
  await screens.look(`${size}: fed`, page);
  await person.closePanel();
}

/**
 * Once its time has come: hatches it, steps into the Shell, and puts a part on that was taken off. `other` sees it each time.
 *
 * @returns the part.
 */
export async function hatch(
  person: PhalaWindow,
  other: { readonly window: PhalaWindow; readonly sees: string },
  screens: Screens,
  size: string,
): Promise<string> {
  const { page } = person;
  const worn = async (part: string): Promise<boolean> =>
    (await other.window.sees(other.sees))?.look.includes(part) === true;
  const isWorn = (part: string, wanted: boolean): Promise<void> =>
    expect.poll(() => worn(part), { timeout: 180_000 }).toBe(wanted);
  await person.find('[data-quest="hatch"]').waitFor();
  await person.openPanel("soul");
  await person.act("hatch");
  await person.act("become");
  const part = (await person.find("[data-part-name]").first().getAttribute("data-part-name"))!;
  await isWorn(part, true);
  await person.act("take-off");
  await isWorn(part, false);
  await person.act("wear");
  await isWorn(part, true);
  await screens.look(`${size}: Shell`, page);
  await person.window.shot(`world-shell-${size}`);
  await person.closePanel();
  return part;
}
