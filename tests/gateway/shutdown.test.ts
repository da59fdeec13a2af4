/** Stopping: nobody new, a word to everybody, an end to waiting, and nothing left behind. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { parseLinkAddress } from "#protocol/link-address.ts";
import { startGateway } from "#gateway/gateway.ts";
import { EchoWorker } from "./echo-worker.ts";
import { joinRelay, open, openGateway, reserve, scratch, stalledSocket } from "./harness.ts";

test("everybody is told, and the port is free", async () => {
  const { gateway, worker } = await open();
  const room = worker.open();
  const players = await Promise.all([joinRelay(gateway, room), joinRelay(gateway, worker.open())]);
  players[0]!.send(1);
  await players[0]!.received.next();
  // A seat that was reserved and not taken holds nobody up.
  await reserve(gateway, room);
  const { port } = gateway;
  await gateway.close();
  for (const player of players) expect(await player.ended).toBe("shutting-down");
  const refused = connect(port, "127.0.0.1");
  expect(await once(refused, "error")).toMatchObject([{ code: "ECONNREFUSED" }]);
});

test("a client that does not read is cut off when time is up", async () => {
  const { gateway, worker, events } = await open({ limits: { shutdownMs: 50 } });
  await stalledSocket(gateway, worker.open());
  await gateway.close();
  expect(await events.until(({ event }) => event === "stopped")).toEqual({ event: "stopped", cut: 1 });
});

test("while it stops, whoever is new is refused", async () => {
  const { gateway, worker } = await open({ limits: { shutdownMs: 500 } });
  const room = worker.open();
  // Holds the door open, so that there is somebody to answer.
  const agent = await keptAlive(gateway.port);
  await stalledSocket(gateway, room);
  const closing = gateway.close();
  expect(await agent("POST", "/matchmake/joinOrCreate/relay", { room })).toContain('"shutting-down"');
  await closing;
});

/** A connection that was there before; a server that stops accepts no others. */
async function keptAlive(port: number) {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  // Half a request keeps it from counting as idle.
  socket.write("POST ");
  return async (_method: "POST", path: string, body: object): Promise<string> => {
    const text = JSON.stringify(body);
    socket.write(
      `${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
    );
    const [chunk] = (await once(socket, "data")) as [Buffer];
    return chunk.toString("utf8");
  };
}

test("closing twice is closing once, and another gateway may follow", async () => {
  const { gateway, worker } = await open();
  await Promise.all([gateway.close(), gateway.close()]);
  const next = await openGateway({ worker: parseLinkAddress(worker.address)! });
  await next.gateway.ready();
  const player = await joinRelay(next.gateway, worker.open());
  player.send(1);
  expect(await player.received.next()).toEqual(Uint8Array.of(1));
});

test("a process runs one gateway at a time", async () => {
  const { gateway, worker } = await open();
  await expect(startGateway({ worker: parseLinkAddress(worker.address)! })).rejects.toThrow("runs a gateway already");
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
});

test("a port that is taken is the system's error, and leaves nothing running", async () => {
  const address = join(await scratch(), "worker.sock");
  const worker = parseLinkAddress(address)!;
  const { createServer } = await import("node:net");
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as { port: number };
  await expect(startGateway({ worker, port, log: () => undefined })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await openGateway({ worker });
});

test("waiting for a worker ends when the gateway does", async () => {
  const { gateway } = await openGateway({ worker: parseLinkAddress(join(await scratch(), "worker.sock"))! });
  const waiting = gateway.ready();
  await gateway.close();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
});

// As a process

const main = new URL("../../server/gateway/main.ts", import.meta.url).pathname;

interface Line {
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Starts the command and reads its log. */
function run(script: string, ...args: string[]) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const until = async (msg: string): Promise<Line> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`the process ended before "${msg}"`);
      const line = JSON.parse(value) as Line;
      if (line.msg === msg) return line;
    }
  };
  return { child, until };
}

const exitOf = async (child: ChildProcess): Promise<unknown> => (await once(child, "exit"))[0];

test("a folder that is no page is said, and nothing is started", async () => {
  const page = await scratch();
  const child = spawn(process.execPath, [main, "--worker", join(page, "worker.sock"), "--port", "0", "--page", page]);
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  expect((await once(child, "close"))[0]).toBe(2);
  expect(said).toMatch(/^--page must be the folder of a built page: there is no .*index\.html\n/);
});

test.for(["SIGTERM", "SIGINT"] as const)("%s tells clients, then the process ends well", async (signal) => {
  const worker = await EchoWorker.start(join(await scratch(), "worker.sock"));
  onTestFinished(() => worker.close());
  const { child, until } = run(main, "--worker", worker.address, "--port", "0");
  const { port } = (await until("listening")) as Line & { port: number };
  await until("worker-ready");
  const gateway = { url: `http://localhost:${port}`, port } as Parameters<typeof joinRelay>[0];
  const player = await joinRelay(gateway, worker.open());
  player.send(1);
  await player.received.next();
  const exited = exitOf(child);
  child.kill(signal);
  expect(await player.ended).toBe("shutting-down");
  expect(await exited).toBe(0);
});

test("a mistake in the configuration is a sentence and exit code 2", async () => {
  const { child } = run(main, "--worker", "http://worker");
  const errors: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString("utf8")));
  expect((await once(child, "close"))[0]).toBe(2);
  expect(errors.join("")).toContain("--worker must be");
});

test("a store that cannot be opened is a sentence and exit code 1", async () => {
  const { child } = run(main, "--worker", "/nowhere/worker.sock", "--port", "0", "--store", "sqlite:/dev/null/store");
  const errors: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString("utf8")));
  expect((await once(child, "close"))[0]).toBe(1);
  expect(errors.join("")).toContain("store-failed");
});

test("a gateway that has closed holds nothing that keeps its process", async () => {
  // A process that starts a gateway, uses it, closes it and does nothing else must end by itself.
  const { child, until } = run(
    new URL("open-and-close.ts", import.meta.url).pathname,
    join(await scratch(), "worker.sock"),
  );
  await until("stopped");
  expect(await exitOf(child)).toBe(0);
});
