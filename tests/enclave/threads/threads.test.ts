/** A thread that fails, hangs or eats all memory is ended and started again, and no other thread notices. */
import { BroadcastChannel } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { parseWorkerConfig } from "#enclave/config.ts";
import { restartTimes } from "#enclave/threads/restarts.ts";
import type { ThreadEvent } from "#enclave/threads/room-thread.ts";
import { startThreads, type ThreadsSetup } from "#enclave/threads/threads.ts";
import { Happenings } from "../../gateway/harness.ts";
import { ordersChannel, type Order } from "./orders.ts";

const entry = new URL("./obedient-thread.ts", import.meta.url);

const configOf = (threads: number, directory = "/nowhere") =>
  parseWorkerConfig(
    JSON.stringify({
      address: "/nowhere/worker.sock",
      world: { name: "nowhere", development: true },
      platform: "unavailable",
      directory,
      contracts: "/nowhere",
      threads,
    }),
  );

type Heard = ThreadEvent & { readonly thread: number };

async function start(more: Partial<ThreadsSetup> = {}) {
  const heard = new Happenings<Heard>();
  let gaveUp = false;
  const threads = await startThreads({
    config: configOf(2),
    entry,
    log: (thread, event) => heard.push({ thread, ...event }),
    inspect: () => undefined,
    gaveUp: () => (gaveUp = true),
    restarts: { ...restartTimes, restartMs: 1 },
    stopMs: 200,
    ...more,
  });
  const channel = new BroadcastChannel(ordersChannel);
  onTestFinished(async () => {
    channel.close();
    await threads.close();
  });
  const tell = (order: Order): void => channel.postMessage(order);
  const answers = async (thread: number): Promise<void> => {
    tell({ thread, do: "answer" });
    await heard.until((event) => event.event === "late" && event.lateMs === thread);
  };
  const ended = async (thread: number): Promise<string> => {
    const event = await heard.until((each) => each.event === "thread-ended");
    expect(event).toMatchObject({ thread });
    return event.event === "thread-ended" ? event.error : "";
  };
  const listens = (thread: number): Promise<Heard> =>
    heard.until((event) => event.thread === thread && event.event === "listening");
  return { threads, heard, tell, answers, ended, listens, gaveUp: () => gaveUp };
}

test.for([
  ["fails", { do: "throw" }, /^TypeError: as it was told\n/],
  ["ends by itself", { do: "end" }, /ended by itself/],
  ["never comes back from a loop", { do: "loop in JavaScript" }, /spent \d+ ms of processor time on one piece of work/],
  ["never comes back from WebAssembly", { do: "loop in WebAssembly" }, /spent \d+ ms of processor time/],
  ["takes all memory", { do: "hoard" }, /ERR_WORKER_OUT_OF_MEMORY|memory limit/],
] as const)("a thread that %s is started again, and the other one lives on", async ([, order, why]) => {
  const memory = { maxOldGenerationSizeMb: 32 };
  // Collecting garbage takes processor time, too, and more of it where caches are shared.
  const terms = order.do.startsWith("loop") ? { cpuMsMax: 300 } : {};
  const { tell, answers, ended, listens } = await start({ ...terms, memory });
  await answers(1);
  tell({ thread: 2, ...order });
  expect(await ended(2)).toMatch(why);
  await listens(2);
  await answers(2);
  await answers(1);
});

test("a thread that works long, in pieces, is left alone", async () => {
  const { heard, tell } = await start({ cpuMsMax: 600 });
  tell({ thread: 1, do: "work in pieces" });
  const said: string[] = [];
  await heard.until(({ event, thread }) => {
    said.push(event);
    return event === "late" && thread === 1;
  });
  expect(said).not.toContain("thread-ended");
});

test("threads that end again and again are given up, and no thread is left", async () => {
  const { tell, ended, listens, gaveUp, heard } = await start({
    restarts: { ...restartTimes, restartMs: 1, endsMax: 2 },
  });
  for (let i = 0; i < 2; i++) {
    tell({ thread: 2, do: "throw" });
    await ended(2);
    await listens(2);
  }
  tell({ thread: 2, do: "throw" });
  await heard.until((event) => event.event === "thread-ended" && event.restartMs === null);
  // The first thread's last word.
  await heard.until((event) => event.event === "late" && event.lateMs === -1);
  await expect.poll(gaveUp).toBe(true);
});

test("if one thread cannot start, none does, and its reason is told", async () => {
  const config = configOf(2, "/a second thread cannot start");
  await expect(start({ config })).rejects.toThrow("no second thread");
});

test("threads that are stopped have time for a last word; one that is stuck has not for ever", async () => {
  const { threads, heard, tell } = await start({ stopMs: 1500 });
  tell({ thread: 2, do: "loop in JavaScript" });
  await heard.until((event) => event.event === "late");
  await threads.close();
  const words: number[] = [];
  while (heard.count > 0) {
    const event = await heard.next();
    if (event.event === "late") words.push(event.lateMs);
  }
  expect(words).toEqual([-1]);
});

test("the mode of files is what it was, once threads are gone", async () => {
  const before = process.umask();
  const { threads } = await start();
  expect(process.umask()).toBe(0o177);
  await threads.close();
  expect(process.umask()).toBe(before);
});
