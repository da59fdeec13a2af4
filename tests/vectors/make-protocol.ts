/**
 * Writes `protocol.json`: `node tests/vectors/make-protocol.ts`. Only when a format changes on purpose, together with
 * `protocolVersion`.
 */
import { writeFileSync } from "node:fs";
import { browserSuite } from "#client/suite.ts";
import { importAsBytes } from "../protocol/support/fixed-keys.ts";
import { channelCases } from "./channel-cases.ts";
import { goldenOf } from "./golden.ts";
import { protocolCases } from "./protocol-cases.ts";

const vectors = {
  protocol: protocolCases().map(goldenOf),
  channel: (await channelCases(browserSuite(), importAsBytes)).map(goldenOf),
};
writeFileSync(new URL("protocol.json", import.meta.url), `${JSON.stringify(vectors, undefined, 1)}\n`);
