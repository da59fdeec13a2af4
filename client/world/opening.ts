/** Which world the page shows: the hub of the place that it was built for, or a rehearsal. */
import raw from "virtual:built-in";
import { readBuiltIn } from "#kit/built-in.ts";
import { hub } from "./island/island.ts";
import type { Rehearsal } from "./rehearsal/rehearsal.ts";
import type { HubPlace } from "./room/hub-place.ts";
import type { Wish } from "./wish.ts";

export interface OpeningOptions {
  readonly wish: Wish;
  /** Who enters, as far as it is known; may be empty. */
  readonly name: string;
  /** One has gone into a gate's ring and asked for it. */
  readonly onGate: (gate: string) => void;
}

/** @returns null where the page was built for no place, or is asked to rehearse. */
export async function openPlace({ wish, name, onGate }: OpeningOptions): Promise<HubPlace | null> {
  if (raw === null || wish.cast !== undefined) return null;
  const { openHub } = await import("./room/hub-place.ts");
  return openHub({
    builtIn: readBuiltIn(raw),
    address: location.href,
    name,
    clock: wish.clock,
    onGate,
    open: goTo,
  });
}

/** A stage with a cast that follows a script. */
export async function rehearse({ cast, day }: Wish): Promise<Rehearsal> {
  const { Rehearsal } = await import("./rehearsal/rehearsal.ts");
  return new Rehearsal({ island: hub, cast: cast ?? 0, ...(day === undefined ? {} : { day }) });
}

/** Another page; or this one once more, for another hub: that would be another fragment, by which no page is loaded. */
function goTo(address: string): void {
  const page = (link: string): string => link.split("#", 1)[0]!;
  const same = page(address) === page(location.href);
  location.assign(address);
  if (same) location.reload();
}
