/** Input rows of one tick for the contract in `tests/contracts/fixtures/push`, as a log holds them. */
import * as fc from "fast-check";
import { layoutsOf } from "#contract/components.ts";
import { concatBytes, u32le } from "#protocol/bytes.ts";
import { encodeInputRow, inputFormat, inputHeaderLength } from "#protocol/input-row.ts";
import * as components from "../contracts/fixtures/push/components.ts";

export interface PushedRow {
  readonly seat: number;
  readonly seen: number;
  readonly values: readonly number[];
}

export const pushFormat = inputFormat(layoutsOf(components).find(({ name }) => name === "Push")!);

export const appliedRow = (seat: number): fc.Arbitrary<PushedRow> =>
  fc
    .tuple(
      fc.nat(2 ** 32 - 1),
      fc.integer({ min: -128, max: 127 }),
      fc.integer({ min: -128, max: 127 }),
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.nat(255),
    )
    .map(([seen, ...values]) => ({ seat, seen, values }));

const u16 = (value: number): Uint8Array => u32le(value).subarray(0, 2);

export const appliedRows = (cleared: readonly number[], rows: readonly PushedRow[]): Uint8Array =>
  concatBytes(
    u16(cleared.length),
    ...cleared.map(u16),
    ...rows.flatMap(({ seat, seen, values }) => [
      u16(seat),
      u32le(seen),
      encodeInputRow(pushFormat, { n: 1, seen, values }).subarray(inputHeaderLength),
    ]),
  );
