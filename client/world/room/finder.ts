/** Which hub to visit: the one of the link, else the one that this player was in, else any with room. */
import { isRoomId, type RoomId } from "#protocol/identity.ts";
import type { Drawer } from "#kit/keepsakes.ts";

export interface FinderOptions {
  /** The room in the page's address. */
  readonly linked: RoomId | undefined;
  readonly drawer: Drawer;
  /** Under which the drawer remembers. */
  readonly key: string;
  /** Asks the place for a hub with room, made if there is none. */
  readonly match: () => Promise<RoomId>;
}

/** @returns what finds it; `lost` says that what it found last is not there any more. */
export function hubFinder({ linked, drawer, key, match }: FinderOptions): (lost: boolean) => Promise<RoomId> {
  return async (lost) => {
    const known = lost ? null : (linked ?? drawer.getItem(key));
    const room = isRoomId(known) ? known : await match();
    drawer.setItem(key, room);
    return room;
  };
}
