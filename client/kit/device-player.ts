/**
 * Which of this device's players a window is. Two windows of one browser share its storage, and two people may sit in
 * front of them: so the first window is player 0, a second one beside it player 1, each with a key of its own.
 */
import type { Keepsakes } from "./keepsakes.ts";

/** Players one device can have at once: four games of two in eight windows. */
const slotsMax = 8;

/** A browser's locks: held by one window at a time, and free when it is closed. */
export interface Locks {
  /** Takes the lock for as long as the window lives, waiting up to so many ms. False: another window has it. */
  take(name: string, waitMs: number): Promise<boolean>;
  isFree(name: string): Promise<boolean>;
}

const lockOf = (slot: number): string => `phatroom:player:${slot}`;

/** The page that was in this window before may need a moment to let go. */
const lettingGoMs = 1000;

/**
 * The player that this window is from now on: the one it was, else the first that no other window is.
 *
 * @param reloaded whether this is the same window again, and not a copy of it: then it waits for nobody.
 */
export async function claimSlot(locks: Locks, keepsakes: Keepsakes, reloaded: boolean): Promise<number> {
  const before = keepsakes.slot();
  if (before !== null && reloaded) {
    void locks.take(lockOf(before), Number.POSITIVE_INFINITY);
    return before;
  }
  if (before !== null && (await locks.take(lockOf(before), lettingGoMs))) return before;
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

/**
 * Who of this device, other than player `own`, has a seat in that room. Null: nobody, or `own` has one too, and then
 * there is nothing to ask.
 */
export async function seatedHere(
  locks: Locks,
  keepsakes: Keepsakes,
  own: number,
  room: string,
): Promise<Seated | null> {
  if (keepsakes.hasGame(own, room)) return null;
  for (let slot = 0; slot < slotsMax; slot++) {
    if (keepsakes.hasGame(slot, room)) return { slot, open: !(await locks.isFree(lockOf(slot))) };
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
        const patient = waitMs === Number.POSITIVE_INFINITY ? {} : { signal: AbortSignal.timeout(waitMs) };
        const options = waitMs > 0 ? patient : { ifAvailable: true };
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
