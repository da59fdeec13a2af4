/** Keeping a worker running: patience with those that die young, none with those that will not stop. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { GatewayEvent } from "#gateway/log.ts";
import { Supervisor, supervisorTimes, type SupervisorTimes } from "#gateway/supervisor.ts";
import { rootFolder } from "../support/folders.ts";
import { Happenings, scratch } from "./harness.ts";

function supervise(script: string, args: string[], times: Partial<SupervisorTimes>) {
  const events = new Happenings<GatewayEvent>();
  const command: [string, ...string[]] = [process.execPath, "-e", script, ...args];
  const environment = { PHATROOM_TEST: "from the gateway" };
  const supervisor = new Supervisor({ command, environment }, (event) => events.push(event), {
    ...supervisorTimes,
    ...times,
  });
  onTestFinished(() => supervisor.stop());
  supervisor.start();
  return { supervisor, events };
}

const exits = (events: Happenings<GatewayEvent>) => events.until(({ event }) => event === "worker-exited");

test("a worker that dies young is waited for longer each time, up to a limit", async () => {
  const { supervisor, events } = supervise("process.exit(3)", [], { restartMs: 1, restartMaxMs: 4 });
  for (const restartMs of [1, 2, 4, 4]) {
    expect(await exits(events)).toEqual({ event: "worker-exited", exitCode: 3, signal: null, restartMs });
  }
  expect(supervisor.restarts).toBeGreaterThanOrEqual(4);
});

test("a worker that lived is started again at once", async () => {
  const { events } = supervise("process.exit(3)", [], { restartMs: 1, restartMaxMs: 9, settledMs: 0 });
  for (let i = 0; i < 3; i++) expect(await exits(events)).toMatchObject({ restartMs: 1 });
});

/** Connects to a socket to say that it is up, and how it feels about being stopped. */
const stubborn = `
  process.on("SIGTERM", () => undefined);
  require("net").connect(process.argv[1]).write(process.env.PHATROOM_TEST);
  setInterval(() => undefined, 60000);
`;

test("a worker that ignores being asked is stopped all the same", async () => {
  const path = join(await scratch(), "up.sock");
  const server = createServer().listen(path);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { supervisor, events } = supervise(stubborn, [path], { stopMs: 10 });
  const [socket] = (await once(server, "connection")) as [Socket];
  const [said] = (await once(socket, "data")) as [Buffer];
  expect(said.toString()).toBe("from the gateway");
  const closed = once(socket, "close");
  await supervisor.stop();
  await closed;
  expect(supervisor.pid).toBeUndefined();
  expect((await events.next()).event).toBe("worker-started");
  expect(events.count).toBe(0);
});

test("stopping ends the wait for a restart", async () => {
  const { supervisor, events } = supervise("process.exit(3)", [], { restartMs: 60_000 });
  await exits(events);
  await supervisor.stop();
  expect(supervisor.pid).toBeUndefined();
});

test("what the worker writes can be taken line by line", async () => {
  const lines = new Happenings<string>();
  const command = [process.execPath, "-e", "console.log('one\\ntwo'); setInterval(() => undefined, 60000)"] as const;
  const supervisor = new Supervisor({ command, output: (line) => lines.push(line) }, () => undefined);
  onTestFinished(() => supervisor.stop());
  supervisor.start();
  expect([await lines.next(), await lines.next()]).toEqual(["one", "two"]);
});

test("a machine that cannot start a worker is asked again, and that ends nobody", async () => {
  const { supervisor, events } = supervise("0", ["x".repeat(4_000_000)], { restartMs: 1 });
  for (let i = 0; i < 2; i++)
    expect(await events.next()).toMatchObject({ event: "worker-unstartable", reason: "E2BIG" });
  await supervisor.stop();
});

/** Has no descriptor left when the supervisor begins. */
const withoutDescriptors = `
  import { closeSync, openSync } from "node:fs";
  import { Supervisor, supervisorTimes } from "#gateway/supervisor.ts";
  const command = [process.execPath, "-e", "console.log('here')"];
  const worker = { command, output: (line) => (console.log(line), process.exit(0)) };
  const opened = [];
  const log = ({ event, reason }) => {
    console.log(event, reason);
    for (const descriptor of opened.splice(0)) closeSync(descriptor);
  };
  const supervisor = new Supervisor(worker, log, { ...supervisorTimes, restartMs: 1 });
  try {
    for (;;) opened.push(openSync("/dev/null"));
  } catch {
    supervisor.start();
  }
`;

test.skipIf(process.platform !== "linux")(
  "a process without descriptors starts its worker once it has some",
  async () => {
    const run = `ulimit -n 64; exec "${process.execPath}" --input-type=module -e "$1"`;
    const said = execFileSync("sh", ["-c", run, "sh", withoutDescriptors], { encoding: "utf8", cwd: rootFolder });
    expect(said.split("\n").slice(0, 3)).toEqual(["worker-unstartable EMFILE", "worker-started undefined", "here"]);
  },
);
