/** Genuine vendor evidence, if `PHATROOM_VECTORS` names the folder that holds it. Its sources are listed there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SgxEvidence, TdxEvidence } from "#attestation/evidence.ts";
import { collateralFromPcs } from "#attestation/pcs.ts";

const folder = process.env["PHATROOM_VECTORS"];
const files = ["tdx_quote", "tdx_quote_collateral.json", "sgx_quote", "sgx_quote_collateral.json"];

const pathOf = (name: string): string => join(folder ?? "$PHATROOM_VECTORS", "evidence", name);
const missing = files.map(pathOf).find((path) => folder === undefined || !existsSync(path));

const read = (name: string): Uint8Array => new Uint8Array(readFileSync(pathOf(name)));
const readJson = (name: string): unknown => JSON.parse(readFileSync(pathOf(name), "utf8"));

/** 2025-07-19T09:00:00Z: the collateral was in force for the month before. */
export const genuineNow = Date.UTC(2025, 6, 19, 9) / 1000;

export const genuine = {
  /** The first file that is not there, if any. */
  missing,
  /** For the title of a test that is skipped. */
  note: missing === undefined ? "" : ` (skipped: ${missing} is missing)`,
  tdx: (): TdxEvidence => ({
    kind: "tdx",
    quote: read("tdx_quote"),
    collateral: collateralFromPcs(readJson("tdx_quote_collateral.json")),
  }),
  sgx: (): SgxEvidence => ({
    kind: "sgx",
    quote: read("sgx_quote"),
    collateral: collateralFromPcs(readJson("sgx_quote_collateral.json")),
  }),
};
