/** The recorded logs, as they lie in files. */
import { readFileSync } from "node:fs";
import { games } from "./games.ts";
import type { RecordedLog, Replayed } from "./recorded-log.ts";

export const folder = new URL("../vectors/determinism/", import.meta.url);

export const logNames: readonly string[] = games.map(({ name }) => name);

export const readLog = (name: string): RecordedLog =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as RecordedLog;

/** What a machine has to find. */
export const expectedOf = ({ engine, contract, fuel, fingerprint }: RecordedLog): Replayed => ({
  engine,
  contract,
  fuel,
  fingerprint,
});
