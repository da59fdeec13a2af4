/** A thread as it is, and somebody beside it who throws what nobody catches when told so. */
import { BroadcastChannel, workerData } from "node:worker_threads";
import type { ThreadStart } from "#enclave/threads/messages.ts";
import "#enclave/threads/thread.ts";
import { doomChannel } from "./threads-doom.ts";

const { number } = workerData as ThreadStart;
const doom = new BroadcastChannel(doomChannel);
doom.onmessage = ({ data }): void => {
  if (data !== number) return;
  setImmediate(() => {
    throw new Error("doom");
  });
};
doom.unref();
