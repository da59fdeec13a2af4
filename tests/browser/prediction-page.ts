/** Inside the page: a contract's own module predicts, and the overlay says how far off it was. */
import { OwnRows } from "#client/input/own-rows.ts";
import { loadPredictor } from "#client/input/predictor.ts";
import { showOverlay } from "#client/overlay.ts";
import { layoutsOf } from "#contract/components.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import * as components from "../contracts/fixtures/push/components.ts";
import { predictions } from "../support/predictions.ts";

export const predict = async (module: string, seed: string): Promise<number[]> =>
  predictions(await loadPredictor(hexToBytes(module)), seed);

/** What stands in the corner, and what is left of it afterwards. */
export async function overlay(module: string): Promise<{ text: string; left: number }> {
  const own = new OwnRows(await loadPredictor(hexToBytes(module)), layoutsOf(components), {
    input: "Push",
    fields: ["x", "z", "aim", "fire"],
    hz: 20,
  });
  const traffic = { messages: 1, bytes: 2048 };
  const hide = showOverlay(
    {
      tickNow: () => 12.7,
      hz: 20,
      connection: "joined",
      figures: { roundTripMs: 41.6, received: traffic, sent: traffic, drawnBehindMs: 75 },
    },
    {
      input: {
        figures: { sent: 9, applied: 7, ahead: 0.25, missed: 2 },
        prediction: { active: true, errors: own.errors, of: () => undefined },
      },
    },
  );
  const text = document.querySelector("aside")!.innerText;
  hide();
  return { text, left: document.querySelectorAll("aside").length };
}
