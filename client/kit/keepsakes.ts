/** The little that this page remembers, on this device: names, a game that is going on, a fingerprint that was typed. */

import { readWish, writeWish, type Wish } from "./wish.ts";

/** What `localStorage` and `sessionStorage` are to us. */
export type Drawer = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Forgets at once: for browsers that let a page keep nothing. */
const noDrawer: Drawer = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };

/** Some browsers throw at the mere mention of a storage they do not allow, or when it is full. */
export function drawerOf(open: () => Storage): Drawer {
  try {
    const storage = open();
    const probe = "phatroom:probe";
    storage.setItem(probe, probe);
    storage.removeItem(probe);
    return storage;
  } catch {
    return noDrawer;
  }
}

/** Names to begin with, so that two people who type none can tell each other apart. */
const firstNames = [
  "Nova",
  "Rune",
  "Iris",
  "Vesper",
  "Quill",
  "Onyx",
  "Juno",
  "Aster",
  "Lumen",
  "Sable",
  "Kite",
  "Umbra",
];

export class Keepsakes {
  readonly #device: Drawer;
  readonly #window: Drawer;

  /** @param device outlives the window; @param window outlives a reload only. */
  constructor(device: Drawer, window: Drawer) {
    this.#device = device;
    this.#window = window;
  }

  /** The name of this device's player number `slot`; made up at first. */
  name(slot: number): string {
    const kept = this.#device.getItem(`phatroom:name:${slot}`);
    if (kept !== null) return kept;
    const name = firstNames[crypto.getRandomValues(new Uint8Array(1))[0]! % firstNames.length]!;
    this.keepName(slot, name);
    return name;
  }

  keepName(slot: number, name: string): void {
    this.#device.setItem(`phatroom:name:${slot}`, name);
  }

  /** The game in which player `slot` has a seat. */
  game(slot: number): Wish | null {
    try {
      return readWish(this.#device.getItem(`phatroom:game:${slot}`) ?? "") ?? null;
    } catch {
      // Written by another version of this page.
      return null;
    }
  }

  hasGame(slot: number, room: string): boolean {
    return this.game(slot)?.room === room;
  }

  keepGame(slot: number, wish: Wish): void {
    this.#device.setItem(`phatroom:game:${slot}`, writeWish("", { ...wish, want: "play" }));
  }

  dropGame(slot: number): void {
    this.#device.removeItem(`phatroom:game:${slot}`);
  }

  /** Which player this window was before it was reloaded. */
  slot(): number | null {
    const kept = this.#window.getItem("phatroom:slot");
    return kept !== null && /^[0-9]$/.test(kept) ? Number(kept) : null;
  }

  keepSlot(slot: number): void {
    this.#window.setItem("phatroom:slot", String(slot));
  }

  /** The fingerprint of a development root that was typed in this window. */
  fingerprint(): string | null {
    return this.#window.getItem("phatroom:fingerprint");
  }

  keepFingerprint(fingerprint: string): void {
    this.#window.setItem("phatroom:fingerprint", fingerprint);
  }
}
