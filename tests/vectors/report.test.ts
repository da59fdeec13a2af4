/** Reports that were sealed and signed once are read and believed for ever. */
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { expect, test } from "vitest";
import { openReport } from "#protocol/report.ts";
import { differences, type Golden } from "./golden.ts";
import { reportCases, secret } from "./report-cases.ts";

const file = JSON.parse(readFileSync(new URL("report.json", import.meta.url), "utf8")) as Golden[];

test("today's code makes and reads the bytes of the golden file", () => {
  expect(differences(reportCases(), file)).toEqual([]);
});

/** The formulas of `report.ts` and `report-reading.ts`, written down once more with other tools. */
const lp = (...fields: readonly (Uint8Array | string)[]): Buffer =>
  Buffer.concat(
    fields.flatMap((field) => {
      const bytes = Buffer.from(field as string);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
const fill = (byte: number): Buffer => Buffer.alloc(32, byte);

/** Node's own Ed25519. */
function signs(seed: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), ed25519.getPublicKey(seed)]);
  return verify(null, message, createPublicKey({ key: spki, format: "der", type: "spki" }), signature);
}

test("what was signed in the golden bytes is what the formulas say", () => {
  const { signed } = openReport(Buffer.from(file[0]!.bytes, "hex"), secret);
  const statement = lp("phatroom/1/signed-report", fill(1), fill(2), x25519.getPublicKey(fill(4)), signed!.said);
  expect(signs(fill(5), statement, signed!.signature)).toBe(true);
  expect(signs(fill(6), statement, signed!.signature)).toBe(false);
  const wide = (value: bigint): Buffer => Buffer.from(BigUint64Array.of(value).buffer);
  const place = "https://play.example.org";
  const question = lp("phatroom/1/read-reports", place, fill(1), wide(2n ** 32n + 3n), wide(1_790_000_000_000n));
  expect(signs(secret, question, Buffer.from(file[1]!.bytes, "hex"))).toBe(true);
});
