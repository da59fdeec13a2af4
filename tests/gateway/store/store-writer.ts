/** A process that appends as fast as it can and prints the number of each record that was acknowledged. */
import { writeSync } from "node:fs";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import { noHead, type ChainId } from "#protocol/store.ts";

const [directory, chain] = process.argv.slice(2) as [string, ChainId];
const store = await openSqliteStore({ directory });
const there = await store.state(chain);
let head = there?.head ?? noHead;
for (let number = there?.length ?? 0; ; number++) {
  const next = new Uint8Array(32);
  new DataView(next.buffer).setUint32(0, number + 1);
  const record = new Uint8Array(1000).fill(number);
  const [answer] = await store.append([{ chain, expected: head, head: next, record }]);
  if (answer?.answer !== "stored") throw new Error("not stored");
  // Not buffered: what stands here was acknowledged, even if this process is killed now.
  writeSync(1, `${number}\n`);
  head = next;
}
