/** A thread without rooms that does what a test tells it, and answers while it can. */
import { BroadcastChannel, parentPort, workerData } from "node:worker_threads";
import { hexToBytes } from "#protocol/bytes.ts";
import { beatWhenIdle } from "#enclave/watchdog.ts";
import { stopWord, type ThreadStart, type ThreadWord } from "#enclave/threads/messages.ts";
import { ordersChannel, type Order } from "./orders.ts";

const { config, number, beats } = workerData as ThreadStart;
const port = parentPort!;
const say = (word: ThreadWord): void => port.postMessage(word);
const beat = (): void => {
  beats[0]! += 1;
};

/** `(module (func (loop (br 0))) (start 0))` */
const endlessModule = hexToBytes("0061736d0100000001040160000003020100080100" + "0a09010700" + "03400c000b0b");

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

function work(ms: number): void {
  for (const end = cpuMs() + ms; cpuMs() < end;);
}

const deeds: Readonly<Record<Order["do"], () => void>> = {
  answer: () => say({ said: "event", event: { event: "late", lateMs: number } }),
  throw: () => {
    throw new TypeError("as it was told");
  },
  end: () => process.exit(0),
  "loop in JavaScript": () => {
    deeds.answer();
    for (;;);
  },
  "loop in WebAssembly": () => void new WebAssembly.Instance(new WebAssembly.Module(endlessModule)),
  hoard: () => {
    const kept: object[] = [];
    for (;;) kept.push({ kept: kept.length });
  },
  "work in pieces": () => {
    // Each longer than it is looked.
    for (let i = 0; i < 5; i++) {
      work(260);
      beat();
    }
    deeds.answer();
  },
};

if (number === 2 && config.directory === "/a second thread cannot start") throw new Error("no second thread");
beatWhenIdle(beat);
const orders = new BroadcastChannel(ordersChannel);
orders.onmessage = ({ data }): void => {
  const order = data as Order;
  if (order.thread === number) setImmediate(deeds[order.do]);
};
port.on("message", (word) => {
  if (word !== stopWord) return;
  say({ said: "event", event: { event: "late", lateMs: -number } });
  orders.close();
  port.close();
});
say({ said: "listening", address: String(number), contracts: [] });
