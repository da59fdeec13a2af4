/** Writes `boundary.json`: `node tests/vectors/make-boundary.ts`. Logs outlast versions: only when an input is new. */
import { writeFileSync } from "node:fs";
import { bytesToHex } from "#protocol/bytes.ts";
import { encodeBoundary } from "#enclave/room/boundary-codec.ts";
import { boundaryCase } from "../enclave/room/boundary-case.ts";

const vectors = { boundary: bytesToHex(encodeBoundary(boundaryCase)) };
writeFileSync(new URL("boundary.json", import.meta.url), `${JSON.stringify(vectors, undefined, 1)}\n`);
