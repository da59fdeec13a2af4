/**
 * Keeps a worker running beside the gateway, for development and small places. In production the worker runs in its
 * enclave and something else starts it there.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Log } from "./log.ts";

export interface SupervisorTimes {
  /** Before the first restart; twice as long each time the worker dies young, up to `restartMaxMs`. */
  readonly restartMs: number;
  readonly restartMaxMs: number;
  /** A worker that lived so long is not failing at start. */
  readonly settledMs: number;
  /** How long a worker may take to stop when asked. */
  readonly stopMs: number;
}

export const supervisorTimes: SupervisorTimes = {
  restartMs: 200,
  restartMaxMs: 10_000,
  settledMs: 30_000,
  stopMs: 5000,
};

export interface WorkerCommand {
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  /** Added to the gateway's own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Takes what the worker writes, line by line, instead of this process's standard output. */
  readonly output?: ((line: string) => void) | undefined;
}

export class Supervisor {
  readonly #worker: WorkerCommand;
  readonly #log: Log;
  readonly #times: SupervisorTimes;
  #child: ChildProcess | undefined;
  #startedAt = 0;
  #restartMs: number;
  #restart: NodeJS.Timeout | undefined;
  #restarts = 0;
  #stopping = false;

  constructor(worker: WorkerCommand, log: Log, times: SupervisorTimes = supervisorTimes) {
    this.#worker = worker;
    this.#log = log;
    this.#times = times;
    this.#restartMs = times.restartMs;
  }

  /** Of the running worker. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get restarts(): number {
    return this.#restarts;
  }

  start(): void {
    const { command, output } = this.#worker;
    const [program, ...args] = command;
    this.#startedAt = performance.now();
    let child: ChildProcess;
    try {
      child = this.#spawn(program, args, output !== undefined);
    } catch (error) {
      return this.#unstartable(error);
    }
    this.#child = child;
    if (child.pid !== undefined) this.#log({ event: "worker-started", pid: child.pid });
    child.stdin?.on("error", () => undefined);
    // Without a descriptor left there are no pipes, whatever Node's types say: not even null.
    if (output !== undefined && child.stdout) createInterface({ input: child.stdout }).on("line", output);
    child.once("error", (error) => {
      if (child.pid === undefined) this.#unstartable(error);
    });
    child.once("exit", (exitCode, signal) =>
      this.#again((restartMs) => this.#log({ event: "worker-exited", exitCode, signal, restartMs })),
    );
  }

  /** @throws the system's error for some of what keeps it from starting; others come as an event. */
  #spawn(program: string, args: readonly string[], piped: boolean): ChildProcess {
    return spawn(program, args, {
      // Its standard input closes when this process is gone, however it went: a worker that watches it stops then.
      stdio: ["pipe", piped ? "pipe" : "inherit", "inherit"],
      env: { ...process.env, ...this.#worker.environment },
      // A terminal sends Ctrl-C to the whole group; the worker has to outlive the clients' goodbye.
      detached: true,
    });
  }

  /** Asks the worker to stop, and makes it if it does not. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    // Without a process id it never started, and will not exit.
    if (child?.pid === undefined) return;
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGTERM");
    const impatience = setTimeout(() => child.kill("SIGKILL"), this.#times.stopMs);
    await exited;
    clearTimeout(impatience);
  }

  /** The machine may have no memory, process or descriptor left, and have some later. */
  #unstartable(error: unknown): void {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    this.#again((restartMs) => this.#log({ event: "worker-unstartable", reason: code, restartMs }));
  }

  #again(log: (restartMs: number) => void): void {
    this.#child = undefined;
    if (this.#stopping) return;
    if (performance.now() - this.#startedAt > this.#times.settledMs) this.#restartMs = this.#times.restartMs;
    const restartMs = this.#restartMs;
    this.#restartMs = Math.min(this.#times.restartMaxMs, restartMs * 2);
    this.#restarts += 1;
    log(restartMs);
    this.#restart = setTimeout(() => this.start(), restartMs);
  }
}
