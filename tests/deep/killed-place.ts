/** A real worker process and a real gateway process with a store, each started again whenever it is killed. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { contractsFolder, rootFolder } from "../support/folders.ts";
import type { LogLine } from "./watched-process.ts";
import { world } from "./worker-process.ts";

export type Part = "worker" | "gateway";

/** Everybody comes from one address here, again and again. */
const limits = [
  "connectionsPerAddress",
  "socketsPerAddress",
  "joinsPerMinute",
  "creationsPerMinute",
  "requestsPerMinute",
].flatMap((name) => ["--limit", `${name}=100000`]);

interface Running {
  child: ChildProcess;
  /** Once it answers. */
  ready: Promise<void>;
}

export class KilledPlace {
  readonly #folder: string;
  readonly #store: string;
  readonly #parts = new Map<Part, Running>();
  /** What only a mistake of ours would have put there. */
  readonly complaints: string[] = [];
  /** Events of both logs and how often they were there. */
  readonly events = new Map<string, number>();
  kills = 0;
  #port = 0;
  #stopping = false;

  private constructor(folder: string, store: string | undefined) {
    this.#folder = folder;
    this.#store = store ?? `sqlite:${join(folder, "store")}`;
  }

  static async start(store?: string): Promise<KilledPlace> {
    const folder = await mkdtemp(join(tmpdir(), "phatroom-killed-"));
    const place = new KilledPlace(folder, store);
    await writeFile(
      place.#config,
      JSON.stringify({
        address: place.#socket,
        world,
        platform: "software",
        directory: folder,
        contracts: contractsFolder,
      }),
    );
    place.#spawn("worker");
    await place.#parts.get("worker")!.ready;
    place.#spawn("gateway");
    await place.#parts.get("gateway")!.ready;
    return place;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  /** As the system kills for memory or an operator by mistake: at once, in the middle of whatever it is doing. */
  async kill(part: Part): Promise<void> {
    const { child } = this.#parts.get(part)!;
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
    this.kills += 1;
    this.#spawn(part);
  }

  /** Both answer again. */
  async ready(): Promise<void> {
    await Promise.all([...this.#parts.values()].map(({ ready }) => ready));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    // The gateway first: it has the store until the worker has said its last word.
    for (const part of ["worker", "gateway"] as const) {
      const child = this.#parts.get(part)?.child;
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #socket(): string {
    return join(this.#folder, "worker.sock");
  }

  get #config(): string {
    return join(this.#folder, "worker.json");
  }

  #spawn(part: Part): void {
    const command =
      part === "worker"
        ? ["server/enclave/main.ts", this.#config]
        : ["server/gateway/main.ts", "--worker", this.#socket, "--port", String(this.#port), ...limits];
    const child = spawn(process.execPath, command, {
      cwd: rootFolder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...(part === "gateway" ? { PHATROOM_STORE: this.#store } : {}) },
    });
    const listening = Promise.withResolvers<void>();
    createInterface({ input: child.stdout }).on("line", (line) => this.#read(part, line, () => listening.resolve()));
    createInterface({ input: child.stderr }).on("line", (line) => this.complaints.push(`${part}: ${line}`));
    child.once("exit", (code) => {
      // Killed, it is started again, and whoever waits, waits for that.
      if (code === null || this.#stopping) return listening.resolve();
      this.complaints.push(`${part} ended by itself with ${code}`);
      listening.reject(new Error(this.complaints.join("\n")));
    });
    listening.promise.catch(() => undefined);
    this.#parts.set(part, { child, ready: listening.promise });
  }

  #read(part: Part, text: string, listening: () => void): void {
    const line = JSON.parse(text) as LogLine;
    const event = String(line["msg"]);
    this.events.set(event, (this.events.get(event) ?? 0) + 1);
    // A store that is gone for a moment is what this is about; anything else a room could not be read for is not.
    const unreadable = event === "room-unreadable" && !String(line["code"]).startsWith("store-");
    if (event === "bug" || unreadable) this.complaints.push(`${part}: ${text}`);
    // The first gateway has any port, later ones the same.
    if (part === "gateway" && event === "listening") this.#port = line["port"] as number;
    if (event === (part === "gateway" ? "worker-ready" : "listening")) listening();
  }
}
