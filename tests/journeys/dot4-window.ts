/** A person at the page of Dot4: does what a person does, and reads what the page says. */
import { expect } from "vitest";
import type { Locator } from "playwright-core";
import { dice } from "../adversary/play-out.ts";
import type { Window } from "./world.ts";

/** The page of Dot4 at a place; what follows the address stays behind it. */
export function dot4At(url: string): string {
  const { origin, search, hash } = new URL(url);
  return `${origin}/dot4/${search}${hash}`;
}

export class Dot4Window {
  readonly #window: Window;
  readonly #touch: boolean;

  constructor(window: Window, options: { readonly touch?: boolean } = {}) {
    this.#window = window;
    this.#touch = options.touch ?? false;
  }

  get window(): Window {
    return this.#window;
  }

  #find(selector: string): Locator {
    return this.#window.page.locator(selector);
  }

  async #press(selector: string): Promise<void> {
    const target = this.#find(selector);
    if (this.#touch) await target.tap();
    else await target.click();
  }

  async open(url: string): Promise<void> {
    await this.#window.page.goto(url, { waitUntil: "commit" });
  }

  /** The lobby, with this name. */
  async arrive(url: string, name: string): Promise<void> {
    await this.open(dot4At(url));
    await this.#find('[data-field="name"]').fill(name);
  }

  async act(action: string): Promise<void> {
    await this.#press(`[data-action="${action}"]`);
  }

  /** Waits until the game's own part of the page is as asked. */
  async until(state: string): Promise<void> {
    await this.#find(`main${state}`).waitFor();
  }

  async attribute(name: string): Promise<string | null> {
    return this.#find("main").getAttribute(name);
  }

  /** Stones on the board: cell → seat. */
  async stones(): Promise<Record<string, string>> {
    return this.#find("[data-cell][data-stone]").evaluateAll((cells) =>
      Object.fromEntries(cells.map((cell) => [cell.getAttribute("data-cell"), cell.getAttribute("data-stone")])),
    );
  }

  /** Cells on which this window shows a bomb. */
  bombs(): Promise<string[]> {
    return this.#cells("[data-bomb]");
  }

  /** Cells that are chosen for bombs. */
  chosen(): Promise<string[]> {
    return this.#cells("[data-picked]");
  }

  #cells(which: string): Promise<string[]> {
    return this.#find(`[data-cell]${which}`).evaluateAll((cells) =>
      cells.map((cell) => cell.getAttribute("data-cell") ?? ""),
    );
  }

  async hideBombs(cells: readonly string[]): Promise<void> {
    await this.until('[data-phase="placing"]');
    for (const cell of cells) await this.#press(`[data-cell="${cell}"]`);
    await this.act("hide-bombs");
  }

  /** Drops, by mouse or by finger, and waits until the page has heard the answer. */
  async drop(spot: string): Promise<void> {
    const edge = `[data-drop="${spot}"]`;
    await this.#press(edge);
    // A finger aims with the first tap.
    if (this.#touch) await this.#press('[data-action="drop"]');
  }

  async openSpots(): Promise<string[]> {
    return this.#find("[data-drop][data-usable]").evaluateAll((edges) =>
      edges.map((edge) => edge.getAttribute("data-drop") ?? ""),
    );
  }
}

/** In one row this often, and then in the next: something lies in the way. */
const triesMax = 6;

/**
 * Two windows play by turns until the game is over, or until `drops` stones have been dropped. `each` is called after
 * every drop that both have seen. The first of them may want to win: it drops in the same row again and again.
 */
export async function playTurns(
  players: readonly [Dot4Window, Dot4Window],
  options: {
    readonly seed: number;
    readonly drops?: number;
    readonly wins?: boolean;
    readonly each?: (done: number) => Promise<void>;
  },
): Promise<number> {
  const random = dice(options.seed);
  const bySeat = new Map<string, Dot4Window>();
  for (const player of players) bySeat.set((await player.attribute("data-seat")) ?? "", player);
  let done = 0;
  let aimed = 0;
  while (done < (options.drops ?? 200)) {
    const turn = await players[0].attribute("data-turn");
    if (turn === null) break;
    const mover = bySeat.get(turn)!;
    await mover.until(`[data-turn="${turn}"]`);
    await mover.window.page.locator("[data-drop][data-usable]").first().waitFor();
    const spots = await mover.openSpots();
    const left = spots.filter((spot) => spot.startsWith("left-"));
    const aims = options.wins === true && mover === players[0] && left.length > 0;
    await mover.drop(aims ? left[Math.floor(aimed++ / triesMax) % left.length]! : spots[random.below(spots.length)]!);
    // Somebody else's turn, or nobody's: both windows have to say so.
    for (const player of players) await player.until(`:not([data-turn="${turn}"])`);
    done += 1;
    await options.each?.(done);
  }
  return done;
}

/** Nothing was thrown and nothing complained about, in any of these windows. */
export function expectNoComplaints(...players: readonly Dot4Window[]): void {
  for (const { window } of players) expect(window.complaints).toEqual([]);
}
