/** A thread that has rooms: what a worker's process is otherwise, but for the log, the signals and the end. */
import { parentPort, workerData } from "node:worker_threads";
import { threadAddress } from "#protocol/link-address.ts";
import { hostRooms, openPlatform } from "../hosting.ts";
import { beatWhenIdle } from "../watchdog.ts";
import { stopWord, type ThreadStart, type ThreadWord } from "./messages.ts";

const { config, number, beats } = workerData as ThreadStart;
const port = parentPort!;
const say = (word: ThreadWord): void => port.postMessage(word);
const beat = (): void => {
  beats[0]! += 1;
};

beatWhenIdle(beat);
// Whatever fails until it listens, and whatever is not caught later, ends this thread; the first one hears of it.
const { worker, contracts } = await hostRooms(
  config,
  await openPlatform(config),
  {
    beat,
    log: (event) => say({ said: "event", event }),
    inspect: (line) => say({ said: "inspect", line }),
  },
  {
    address: threadAddress(config.address, number)!,
    issues: number === 1,
    ...(number === 1 ? { threads: config.threads } : {}),
  },
);
port.on("message", (word) => {
  if (word !== stopWord) return;
  port.close();
  void worker.close();
});
say({ said: "listening", address: worker.address, contracts });
