/** Which sketch stands for which thing of a layout. What has a model of its own in `assets/` is not here. */
import type { Thing } from "../island/layout.ts";
import { palette } from "./palette.ts";
import { pine, roundTree, tuft } from "./plants.ts";
import type { Sketch } from "./sketch.ts";
import { crystal, rock } from "./stones.ts";

export const sketches: { readonly [Name in Thing]?: () => Sketch } = {
  blossom: () => roundTree(3, palette.blossom, palette.blossomPale),
  dusk: () => roundTree(8, palette.dusk, palette.blossom),
  golden: () => roundTree(12, palette.goldenDeep, palette.goldenPale),
  pine: () => pine(4),
  mintCrystal: () => crystal(5, palette.mint),
  violetCrystal: () => crystal(6, palette.violet),
  rock: () => rock(7),
  tuft: () => tuft(9),
};
