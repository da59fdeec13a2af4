/** A chain in a process of its own, which is killed: builds blocks without end, and says each one's hash and state root. */
import { decodeHeader } from "#chain/devnet/blocks/header.ts";
import { toHex } from "#chain/devnet/hex.ts";
import { startDevnet } from "#chain/devnet/start.ts";

const { chain } = await startDevnet({
  database: process.argv[2],
  sealing: "manual",
  finality: { lag: 2 },
  statesKept: 4,
});
for (;;) {
  const { hash, header } = chain.newBlock();
  process.stdout.write(`${hash} ${toHex(decodeHeader(header).stateRoot)}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}
