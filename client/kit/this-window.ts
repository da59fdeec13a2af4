/** This window: which place it asks, which of this device's players it is, and what window and device remember. */
import { browserLocks, claimSlot, type Locks } from "./device-player.ts";
import { drawerOf, Keepsakes, type Drawer } from "./keepsakes.ts";
import { Tickets } from "./tickets.ts";
import { placeOf } from "./wish.ts";

export interface ThisWindow {
  /** The page's address, without the fragment. */
  readonly page: string;
  /** The gateway's address; undefined if `?at=` is none. */
  readonly place: string | undefined;
  /** What this device remembers. */
  readonly device: Drawer;
  readonly keepsakes: Keepsakes;
  /** Between this page and the hub whose gate leads here. */
  readonly tickets: Tickets;
  readonly locks: Locks;
  /** Which of this device's players this window is. */
  readonly slot: number;
}

/** @param address of the page, fragment and all. */
export async function openWindow(address: string): Promise<ThisWindow> {
  const page = address.split("#", 1)[0]!;
  const device = drawerOf(() => localStorage);
  const drawer = drawerOf(() => sessionStorage);
  const keepsakes = new Keepsakes(device, drawer);
  const locks = browserLocks();
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const slot = await claimSlot(locks, keepsakes, navigation?.type === "reload");
  return { page, place: placeOf(page), device, keepsakes, tickets: new Tickets(drawer), locks, slot };
}

/** Shows a link in the address bar, as a new entry of the history. */
export function showLink(link: string): void {
  if (link !== location.href) history.pushState(null, "", link);
}

/** Calls with the fragment whenever somebody goes back or forward or pastes a link over it; and now, if there is one. */
export function followAddress(follow: (fragment: string) => void): void {
  addEventListener("popstate", () => follow(location.hash));
  addEventListener("hashchange", () => follow(location.hash));
  if (location.hash !== "") follow(location.hash);
}
