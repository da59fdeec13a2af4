/**
 * Writes tests/vectors/determinism anew.
 *
 * `node tests/determinism/record.ts` plays the logs that are there once more and keeps what this engine makes of them:
 * for a new version of the engine. `node tests/determinism/record.ts --anew dot4` builds the contract and plays new games.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildContract } from "#cli/build-contract.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { games, type RecordedGame } from "./games.ts";
import { folder, readLog } from "./logs.ts";
import { hexOfCalls, replay, type RecordedLog } from "./recorded-log.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { anew: { type: "boolean" } } });

const engine = await contractEngine();
mkdirSync(folder, { recursive: true });
for (const game of games) {
  if (positionals.length > 0 && !positionals.includes(game.name)) continue;
  const { about, bundle, calls } = values.anew === true ? await played(game) : readLog(game.name);
  const log: RecordedLog = { about, ...(await replay(engine, { bundle, calls })), bundle, calls };
  writeFileSync(new URL(`${game.name}.json`, folder), `${JSON.stringify(log, undefined, 1)}\n`);
}

async function played({ about, entry, calls }: RecordedGame): Promise<Pick<RecordedLog, "about" | "bundle" | "calls">> {
  const { bundle } = await buildContract(fileURLToPath(new URL(`../../${entry}`, import.meta.url)));
  return { about, bundle: bytesToHex(bundle), calls: hexOfCalls(calls()) };
}
