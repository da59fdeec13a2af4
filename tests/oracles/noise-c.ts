/** An independent Noise implementation to compare with: rweather/noise-c by way of the package noise-c.wasm 0.4.0. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type Request =
  | {
      readonly ask: "start";
      readonly protocol: string;
      readonly role: "initiator" | "responder";
      readonly prologue: Uint8Array;
      readonly staticKey?: Uint8Array;
    }
  | { readonly ask: "finish" | "remote" }
  | { readonly ask: "write" | "read" | "encrypt" | "decrypt"; readonly bytes: Uint8Array };

export type Answer = { readonly bytes: Uint8Array } | { readonly error: string };

/** Why it cannot be asked; undefined if it can. */
export const missing = existsSync(new URL("node_modules/noise-c.wasm/package.json", import.meta.url))
  ? undefined
  : "noise-c.wasm is not installed: npm ci --prefix tests/oracles";

/** One handshake at a time, and what follows it, in a process of its own. Close it. */
export class NoiseC {
  readonly #child: ChildProcess;
  readonly #gone: Promise<never>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#gone = once(child, "exit").then(() => {
      throw new Error("the oracle's process ended");
    });
    // Whoever asks races with it; when nobody does, the end is no news.
    this.#gone.catch(() => {});
  }

  static async start(): Promise<NoiseC> {
    const child = fork(fileURLToPath(new URL("noise-c-child.ts", import.meta.url)), {
      serialization: "advanced",
      execArgv: [],
      // The glue complains at every start that it cannot stream its own file.
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const oracle = new NoiseC(child);
    await oracle.#answer();
    return oracle;
  }

  /** @throws Error with noise-c's own name for what is wrong. */
  async ask(request: Request): Promise<Uint8Array> {
    const answer = this.#answer();
    this.#child.send(request);
    return answer;
  }

  async close(): Promise<void> {
    this.#child.kill();
    await this.#gone.catch(() => {});
  }

  async #answer(): Promise<Uint8Array> {
    const [answer] = (await Promise.race([once(this.#child, "message"), this.#gone])) as [Answer];
    if ("error" in answer) throw new Error(answer.error);
    return answer.bytes;
  }
}
