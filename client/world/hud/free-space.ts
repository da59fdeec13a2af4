/** What the panel in which one chooses how one looks leaves free of the picture, while it is open. */
import { spaceBeside, type Space } from "../camera/portrait.ts";

export function freeSpace(): Space | null {
  const panel = document.querySelector(".portrait");
  if (panel === null) return null;
  const bar = document.querySelector(".top .chip")?.getBoundingClientRect().bottom ?? 0;
  return spaceBeside(panel.getBoundingClientRect(), bar, { width: innerWidth, height: innerHeight });
}
