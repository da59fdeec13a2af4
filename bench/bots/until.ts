/** Waiting for what a player is shown. */
import type { Player } from "./player.ts";

/** How long anything may take before a bench gives up on it. */
const patienceMs = 30_000;

/** Resolves as soon as it holds. @throws Error after half a minute, with what the player sees instead. */
export function until(player: Player, holds: () => boolean): Promise<void> {
  if (holds()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`a bot waited in vain; it sees ${JSON.stringify(player.progress)}`)),
      patienceMs,
    );
    player.onProgress(() => {
      if (!holds()) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
