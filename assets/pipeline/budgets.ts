/** What a model may cost. A file that costs more is refused by the validator, so a page's first minute stays short. */

export type Kind = "rig" | "avatar" | "avatar-low" | "part" | "scenery";

interface Budget {
  readonly triangles: number;
  readonly bytes: number;
}

/** A hundred avatars with two parts each are then below 300,000 triangles, which a laptop draws in a few milliseconds. */
export const budgets: Record<Kind, Budget> = {
  rig: { triangles: 0, bytes: 60_000 },
  avatar: { triangles: 2500, bytes: 44_000 },
  // For phones and software rendering.
  "avatar-low": { triangles: 850, bytes: 24_000 },
  part: { triangles: 950, bytes: 20_000 },
  scenery: { triangles: 1800, bytes: 24_000 },
};

export const bytesTogetherMax = 1_000_000;
export const textureSideMax = 1024;

/** How far a corner of a part may be from its slot, in metres. */
export const partReachMax = 1.6;

/** Extensions that the client's reader knows. */
export const extensionsKnown: ReadonlySet<string> = new Set(["KHR_mesh_quantization", "EXT_meshopt_compression"]);

export function kindOf(file: string): Kind | undefined {
  if (/^avatar-[a-z]+-low\.glb$/.test(file)) return "avatar-low";
  return (["rig", "avatar", "part", "scenery"] as const).find(
    (kind) => file.startsWith(`${kind}-`) && file.endsWith(".glb"),
  );
}
