/** The outer half: starts a process of a bench, asks it, and ends it. */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Reply, Usage } from "./child.ts";

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How long a process may take to end by itself. */
const stopMs = 5000;

export class Process {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #gone: Promise<void>;
  #asked = 0;
  #stopping = false;
  #onProgress: (text: string) => void = () => undefined;

  /** @param file of this folder's parent, e.g. `bots/main.ts`. */
  constructor(name: string, file: string) {
    this.name = name;
    this.#child = fork(fileURLToPath(new URL(`../${file}`, import.meta.url)), {
      // Stripping types is still called experimental by the parts of Node that bundling uses.
      execArgv: ["--disable-warning=ExperimentalWarning"],
      // What peers print is theirs; standard output is for the report.
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      // As anybody would run it: libraries check less and log less.
      env: { ...process.env, NODE_ENV: "production" },
    });
    this.#child.on("message", (reply: Reply) => this.#hear(reply));
    this.#gone = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => {
        const error = new Error(`the process "${name}" ended with ${signal ?? code}`);
        // Whoever asks somebody else would only hear of what followed from it.
        if (!this.#stopping) process.stderr.write(`${error.message}\n`);
        for (const { reject } of this.#waiting.values()) reject(error);
        this.#waiting.clear();
        resolve();
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** @param onProgress is called with what the process says while it works on this. */
  ask<Answer>(ask: string, about: unknown = null, onProgress?: (text: string) => void): Promise<Answer> {
    const id = ++this.#asked;
    if (onProgress !== undefined) this.#onProgress = onProgress;
    return new Promise((resolve, reject) => {
      if (!this.#child.connected) return reject(new Error(`the process "${this.name}" is gone`));
      this.#waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
      this.#child.send({ id, ask, about });
    });
  }

  usage(): Promise<Usage> {
    return this.ask<Usage>("usage");
  }

  /** At once, in the middle of whatever it is doing. */
  async kill(): Promise<void> {
    this.#stopping = true;
    this.#child.kill("SIGKILL");
    await this.#gone;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child.connected) this.#child.disconnect();
    const impatience = setTimeout(() => this.#child.kill("SIGKILL"), stopMs);
    await this.#gone;
    clearTimeout(impatience);
  }

  #hear(reply: Reply): void {
    if ("progress" in reply) return this.#onProgress(reply.progress);
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("error" in reply) waiting?.reject(new Error(`the process "${this.name}" failed: ${reply.error}`));
    else waiting?.resolve(reply.answer);
  }
}
