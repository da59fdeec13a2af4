/** Writes `entities.json`: `node tests/vectors/make-entities.ts`. Only when the layout of messages changes on purpose. */
import { writeFileSync } from "node:fs";
import { bytesToHex } from "#protocol/bytes.ts";
import { wireTables } from "#protocol/entities/layout.ts";
import { encodeEntities } from "#protocol/entities/message.ts";
import { goldenMessages, goldenTables } from "./entities-cases.ts";

const tables = wireTables(goldenTables);
const vectors = Object.entries(goldenMessages).map(([name, body]) => [name, bytesToHex(encodeEntities(body, tables))]);
writeFileSync(
  new URL("entities.json", import.meta.url),
  `${JSON.stringify(Object.fromEntries(vectors), undefined, 1)}\n`,
);
