/** A process of ours under attack: it must stay, say nothing that only a mistake of ours would make it say, and not grow. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { rootFolder } from "../support/folders.ts";

export type LogLine = Readonly<Record<string, unknown>>;

/** V8 would rather grow than collect; with little room it collects what can be collected, and what is left is growth. */
const littleRoom = ["--max-old-space-size=128", "--max-semi-space-size=8"];

/** Complaints that are kept; the first says enough. */
const complaintsMax = 10;

export class WatchedProcess {
  readonly #child: ChildProcess;
  readonly #waiting: { readonly fits: (line: LogLine) => boolean; readonly resolve: (line: LogLine) => void }[] = [];
  /** What only a mistake of ours would have put there: a bug in the log, anything at all on standard error. */
  readonly complaints: string[] = [];
  /** Lines of the log, by event. */
  readonly events = new Map<string, number>();

  /** Runs a file of ours, whose log is JSON, a line for each event. */
  constructor(file: string, args: readonly string[]) {
    this.#child = spawn(process.execPath, [...littleRoom, file, ...args], {
      cwd: rootFolder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    createInterface({ input: this.#child.stdout! }).on("line", (line) => this.#read(line));
    createInterface({ input: this.#child.stderr! }).on("line", (line) => this.#complain(line));
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get exited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The next line that fits. @throws Error if the process ends first. */
  async line(fits: (line: LogLine) => boolean): Promise<LogLine> {
    const found = new Promise<LogLine>((resolve) => this.#waiting.push({ fits, resolve }));
    const ended = once(this.#child, "exit").then((): never => {
      throw new Error(`it ended: ${this.complaints.join("\n")}`);
    });
    ended.catch(() => undefined);
    return Promise.race([found, ended]);
  }

  /** @throws Error if it died or complained; `when` says what was going on. */
  check(when: string): void {
    if (this.exited) this.complaints.unshift("it ended");
    if (this.complaints.length > 0) throw new Error(`${when}: ${this.complaints.join("\n")}`);
  }

  /** Memory in use, in bytes. Linux only, like everything that measures here. */
  residentBytes(): number {
    const pages = Number(readFileSync(`/proc/${this.pid}/statm`, "utf8").split(" ")[1]);
    return pages * 4096;
  }

  async stop(): Promise<void> {
    if (this.exited) return;
    const exit = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await exit;
  }

  #read(text: string): void {
    let line: LogLine;
    try {
      line = JSON.parse(text) as LogLine;
    } catch {
      return this.#complain(text);
    }
    const event = String(line["msg"]);
    this.events.set(event, (this.events.get(event) ?? 0) + 1);
    if (event === "bug") this.#complain(text);
    const at = this.#waiting.findIndex(({ fits }) => fits(line));
    if (at >= 0) this.#waiting.splice(at, 1)[0]!.resolve(line);
  }

  #complain(text: string): void {
    if (this.complaints.length < complaintsMax) this.complaints.push(text);
  }
}
