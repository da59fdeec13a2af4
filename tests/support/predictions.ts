/** Five hundred predicted steps of a body of `tests/contracts/fixtures/push`, as numbers. */
import { OwnRows } from "#client/input/own-rows.ts";
import type { Predictor } from "#client/input/predictor.ts";
import { layoutsOf } from "#contract/components.ts";
import { decodeInputRow, encodeInputRow } from "#protocol/input-row.ts";
import { seeded } from "#testing/seeded.ts";
import * as components from "../contracts/fixtures/push/components.ts";
import { pushFormat } from "./applied-rows.ts";

const layouts = layoutsOf(components);
const [body, drift] = ["Body", "Drift"].map((table) => layouts.findIndex(({ name }) => name === table));

export const ownRowsOf = (predictor: Predictor): OwnRows =>
  new OwnRows(predictor, layouts, { input: "Push", fields: pushFormat.fields.map(({ name }) => name), hz: 20 });

export function predictions(predictor: Predictor, seed: string): number[] {
  const own = ownRowsOf(predictor);
  const random = seeded("predictions", seed);
  const numbers: number[] = [];
  own.told(0, new Set([body!, drift!]), () => 0, 0);
  for (let n = 1; n <= 500; n++) {
    const wanted = [random.below(256) - 128, random.below(256) - 128, random.unit() * 6 - 3, random.below(4)];
    const { values } = decodeInputRow(pushFormat, encodeInputRow(pushFormat, { n, seen: 0, values: wanted }));
    own.sent(n, values, n * 50);
    for (const field of [0, 1, 2]) numbers.push(own.drawn(body!, field, n * 50 + 50));
  }
  return numbers;
}
