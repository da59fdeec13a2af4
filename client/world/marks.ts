/** What the page says about its picture in attributes of its root, for measurements and tests: nobody else can read a canvas. */
import { encodeLook } from "./avatars/look.ts";
import type { Surroundings } from "./port.ts";
import type { Show } from "./show.ts";

/** Avatars that are written down. */
const nearMax = 24;

const { dataset } = document.documentElement;

export function markLevel(level: string): void {
  dataset["level"] = level;
}

/** The picture is complete. */
export function markReady(): void {
  dataset["readyMs"] = performance.now().toFixed(0);
  dataset["ready"] = "true";
}

/** After each frame. */
export function markFrame(show: Show, world: Surroundings): void {
  dataset["frames"] = String(show.frames);
  dataset["scriptMs"] = show.scriptMs.toFixed(1);
  dataset["firstFrameMs"] ??= performance.now().toFixed(0);
  const own = world.own === null ? undefined : world.avatars.get(world.own);
  if (own === undefined) return;
  dataset["near"] = JSON.stringify(
    [...world.avatars.values()].slice(0, nearMax).map(({ name, x, z, clip, look }) => ({
      name,
      x: Number(x.toFixed(1)),
      z: Number(z.toFixed(1)),
      clip,
      look: encodeLook(look),
    })),
  );
  dataset["finds"] = JSON.stringify([...world.finds]);
  dataset["at"] = `${own.x.toFixed(2)},${own.z.toFixed(2)}`;
}
