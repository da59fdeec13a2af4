/**
 * A worker whose threads can be made to fail from outside: `threads-worker.ts <configuration file>`. A signal picks the thread:
 * SIGHUP the first, SIGUSR2 the second. Everything else is as in `server/enclave/main.ts`.
 */
import { readFile } from "node:fs/promises";
import { BroadcastChannel } from "node:worker_threads";
import { parseWorkerConfig } from "#enclave/config.ts";
import { startThreads } from "#enclave/threads/threads.ts";
import { doomChannel } from "./threads-doom.ts";

const say = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);
const doom = new BroadcastChannel(doomChannel);
for (const [i, signal] of (["SIGHUP", "SIGUSR2"] as const).entries()) {
  process.on(signal, () => doom.postMessage(i + 1));
}
const threads = await startThreads({
  config: parseWorkerConfig(await readFile(process.argv[2]!, "utf8")),
  entry: new URL("./threads-doomed.ts", import.meta.url),
  log: (thread, { event, ...fields }) => say({ msg: event, thread, ...fields }),
  inspect: () => undefined,
  gaveUp: () => say({ msg: "gave-up" }),
});
const close = (): void => {
  doom.close();
  void threads.close();
};
process.on("SIGTERM", close);
process.stdin.on("end", close).resume();
process.stdin.unref();
