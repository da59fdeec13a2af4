/** From Blender's GLB to the one that is kept: canonical, welded, quantised, compressed. */
import { Logger } from "@gltf-transform/core";
import { dedup, meshopt, prune, resample, simplify, unweld, weld } from "@gltf-transform/functions";
import { MeshoptEncoder, MeshoptSimplifier } from "meshoptimizer";
import { canonical } from "./canonical.ts";
import { glbFiles } from "./glb.ts";

/** Share of the triangles that a low model keeps, and how far a surface may move, as a share of the model's size. */
const low = { ratio: 0.3, error: 0.02 };

/** @returns the bytes to keep; the same for the same shapes, whichever run of Blender they came from. */
export async function optimise(raw: Uint8Array, detail: "full" | "low"): Promise<Uint8Array> {
  const io = await glbFiles();
  await MeshoptSimplifier.ready;
  const document = await io.readBinary(raw);
  document.setLogger(new Logger(Logger.Verbosity.WARN));
  // Slots are nodes without a mesh: they stay.
  await document.transform(dedup(), prune({ keepLeaves: true }), resample(), unweld(), canonical(), weld());
  if (detail === "low") await document.transform(simplify({ simplifier: MeshoptSimplifier, ...low }));
  await document.transform(meshopt({ encoder: MeshoptEncoder, level: "medium" }));
  document.getRoot().getAsset().generator = "phatroom assets";
  return io.writeBinary(document);
}
