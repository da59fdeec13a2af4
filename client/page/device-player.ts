/**
 * Which of this device's players a window is. Two windows of one browser share its storage, and two people may sit in
 * front of them: so the first window is player 0, a second one beside it player 1, each with a key of its own.
 */
import type { Keepsakes } from "./keepsakes.ts";
import { readWish } from "./wish.ts";

/** Players one device can have at once: four games of two in eight windows. */
export const slotsMax = 8;

/** A browser's locks: held by one window at a time, and free when it is closed. */
export interface Locks {
  /** Takes the lock for as long as the window lives, waiting up to so many ms. False: another window has it. */
  take(name: string, waitMs: number): Promise<boolean>;
  isFree(name: string): Promise<boolean>;
}

const lockOf = (slot: number): string => `phatroom:player:${slot}`;

/** After a reload the window that was here before may need a moment to let go. */
const reloadMs = 1000;

/** The player that this window is from now on: the one it was, else the first that no other window is. */
export async function claimSlot(locks: Locks, keepsakes: Keepsakes): Promise<number> {
  const before = keepsakes.slot();
  if (before !== null && (await locks.take(lockOf(before), reloadMs))) return before;
  for (let slot = 0; slot < slotsMax; slot++) {
    if (!(await locks.take(lockOf(slot), 0))) continue;
    keepsakes.keepSlot(slot);
    return slot;
  }
  return 0;
}

/** Another player of this device who has a seat in the room. */
export interface Seated {
  readonly slot: number;
  /** Whether a window of that player is open now. */
  readonly open: boolean;
}

/** Who of this device, other than player `own`, has a seat in that room. Null: nobody. */
export async function seatedHere(
  locks: Locks,
  keepsakes: Keepsakes,
  own: number,
  room: string,
): Promise<Seated | null> {
  for (let slot = 0; slot < slotsMax; slot++) {
    if (slot === own || !keepsakes.game(slot)?.includes(room)) continue;
    if (readWish(keepsakes.game(slot)!)?.room === room) return { slot, open: !(await locks.isFree(lockOf(slot))) };
  }
  return null;
}

/** The browser's own, or, where a page that is not secure has none, locks that are always free. */
export function browserLocks(manager: LockManager | undefined = navigator.locks as LockManager | undefined): Locks {
  if (manager === undefined) return { take: () => Promise.resolve(true), isFree: () => Promise.resolve(true) };
  return {
    take: (name, waitMs) =>
      new Promise((resolve) => {
        const forEver = (): Promise<never> => {
          resolve(true);
          return new Promise(() => undefined);
        };
        const options = waitMs > 0 ? { signal: AbortSignal.timeout(waitMs) } : { ifAvailable: true };
        manager
          .request(name, options, (lock) => (lock === null ? resolve(false) : forEver()))
          .catch(() => resolve(false));
      }),
    async isFree(name) {
      const { held = [] } = await manager.query();
      return !held.some((lock) => lock.name === name);
    },
  };
}
