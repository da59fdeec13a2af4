/** Draws one exhibit and turns it when asked. `?look=pandroid.0.0.blade` or `?part=blade`; `scripts/preview.ts` asks. */
import { partNames, type Part } from "../avatars/catalogue.ts";
import { decodeLook } from "../avatars/look.ts";
import { readModels } from "../avatars/models.ts";
import { Downloads } from "../loading/downloads.ts";
import { modelAddress, modelSize } from "../loading/model-files.ts";
import { createEngine } from "../render/engine.ts";
import { PreviewScene, type Exhibit } from "../worlds/preview-scene.ts";

declare global {
  interface Window {
    /** Draws the exhibit from this side and gives the picture as a data: address. */
    turnTo?: (angle: number, type: string) => string;
  }
}

const canvas = document.querySelector<HTMLCanvasElement>("#picture")!;
const downloads = new Downloads({ address: modelAddress, size: modelSize, fetch: (address) => fetch(address) });
const models = await readModels("full", (name) => downloads.file(name));
const engine = createEngine(canvas, true);
const scene = new PreviewScene(engine, models, exhibitOf(location.search));
scene.draw(0);
await scene.scene.whenReadyAsync();
window.turnTo = (angle, type) => {
  scene.draw(angle);
  // Read in the same turn: afterwards the browser may have cleared it.
  return canvas.toDataURL(type, 0.86);
};
document.documentElement.dataset["ready"] = "true";

function exhibitOf(search: string): Exhibit {
  const query = new URLSearchParams(search);
  const look = decodeLook(query.get("look") ?? "");
  if (look !== undefined) return { look };
  const part = query.get("part") as Part;
  if (partNames.includes(part)) return { part };
  throw new Error("Ask for ?look=… or ?part=…");
}
