/** Changed logs: every one is found out by whoever knows which head the enclave said. */
import { encodeLogFile, type RoomLogFile } from "#audit/log-file.ts";
import { AuditError } from "#audit/errors.ts";
import { replay } from "#audit/replay.ts";
import type { Report } from "#audit/report.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { loadRevealed, playedDot4 } from "../audit/games.ts";
import { mutantOf } from "../audit/mutations.ts";
import { SeededNumbers, type DeepCheck } from "./deep.ts";

/** Games whose logs are changed. */
const games = 8;

export const replayMutants: DeepCheck = {
  name: "replay",
  unit: "changed logs",
  full: 10_000,
  slice: 60,
  async run({ seed, count, progress }) {
    const contract = await loadRevealed();
    const numbers = new SeededNumbers(seed);
    const played = Array.from({ length: Math.min(games, 2 + Math.floor(count / 500)) }, (_, i) =>
      playedDot4(contract, `replay ${seed} ${i}`, [3 + i, 9 + 2 * i]),
    );
    const found = new Map<string, number>();
    const began = performance.now();
    let seconds = 0;
    for (const room of played) {
      const report = replay(encodeLogFile(room.file()), contract, { head: room.log.revealed!.head });
      if (!report.accepted) throw new Error(`an honest log is refused: ${JSON.stringify(report.differences)}`);
      seconds += report.seconds;
    }
    const fasterThanPlay = Math.round(seconds / ((performance.now() - began) / 1000));
    for (let done = 0; done < count; done++) {
      const room = numbers.pick(played);
      const other = numbers.pick(played.filter((candidate) => candidate !== room));
      const code = tryOne(contract, numbers, room.file(), other.file(), room.log.revealed!.head);
      found.set(code, (found.get(code) ?? 0) + 1);
      if (done % 100 === 0) progress?.(done);
    }
    return { count, figures: { ...Object.fromEntries(found), fasterThanPlay } };
  },
};

/** Returns the code under which it was found out. */
function tryOne(
  contract: LoadedContract,
  numbers: SeededNumbers,
  file: RoomLogFile,
  other: RoomLogFile,
  head: Uint8Array,
): string {
  const { kind, bytes, headOnly } = mutantOf(numbers, file, other);
  const code = codeOf(() => replay(bytes, contract, { head }));
  if (code === undefined) throw new Error(`a log with ${kind} is accepted`);
  if (code === "another-end" && !headOnly) throw new Error(`a log with ${kind} is found by its head alone`);
  return code;
}

function codeOf(act: () => Report): string | undefined {
  try {
    return act().differences[0]?.code;
  } catch (error) {
    if (error instanceof AuditError) return error.code;
    throw error;
  }
}
