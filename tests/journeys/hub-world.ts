/**
 * A place for journeys in the hub, where what goes wrong elsewhere can be made to: its gateway is a process that is killed,
 * the link to its worker can be held up, and its world has a moderator.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { makeModeratorKey } from "#cli/moderator-key.ts";
import { loadContractFolder } from "#enclave/contract-folder.ts";
import { softwarePlatform } from "#enclave/platform/software.ts";
import { roomsLimits } from "#enclave/rooms.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { startWorker, type Worker } from "#enclave/worker.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { linkKinds } from "#protocol/link.ts";
import { worldId } from "#protocol/manifest.ts";
import { passOn, TamperedLink } from "../adversary/tamper.ts";
import { launchChromiumThatDraws } from "../browser/chromium.ts";
import { contractsFolder, pageFolder, rootFolder } from "../support/folders.ts";
import { openWindow, type Window, type WindowOptions } from "./world.ts";

/** The world that pages were built for; its own has a moderator, and by that another id. */
const builtFor = { name: "phatroom development", development: true };

export class HubWorld {
  readonly url: string;
  /** 64 hex digits. */
  readonly world: string;
  /** File with the moderator's secret key. */
  readonly moderatorKey: string;
  /** Folder of the store. */
  readonly store: string;
  readonly browser: Browser;
  readonly #folder: string;
  readonly #link: TamperedLink;
  readonly #command: readonly string[];
  readonly #startWorker: () => Promise<Worker>;
  #worker: Worker;
  #gateway: ChildProcess | undefined;

  private constructor(
    folder: string,
    world: string,
    port: number,
    parts: {
      readonly browser: Browser;
      readonly worker: Worker;
      readonly startWorker: () => Promise<Worker>;
      readonly link: TamperedLink;
      readonly moderator: string;
    },
  ) {
    this.#folder = folder;
    this.world = world;
    this.url = `http://localhost:${port}`;
    this.moderatorKey = join(folder, "moderator.key");
    this.store = join(folder, "store");
    this.browser = parts.browser;
    this.#worker = parts.worker;
    this.#startWorker = parts.startWorker;
    this.#link = parts.link;
    const settings = {
      worker: join(folder, "link.sock"),
      store: `sqlite:${this.store}`,
      page: join(folder, "page"),
      moderator: parts.moderator,
      port: String(port),
      "log-level": "silent",
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    this.#command = ["--disable-warning=ExperimentalWarning", join(rootFolder, "server/gateway/main.ts"), ...flags];
  }

  static async open(): Promise<HubWorld> {
    const folder = await mkdtemp(join(tmpdir(), "phatroom-hub-"));
    const moderator = await makeModeratorKey(join(folder, "moderator.key"));
    const manifest = { ...builtFor, moderator };
    const world = bytesToHex(worldId(manifest));
    const start = async (): Promise<Worker> =>
      startWorker({
        address: { kind: "socket", path: join(folder, "worker.sock") },
        world: manifest,
        platform: await softwarePlatform({ directory: join(folder, "platform") }),
        contracts: await loadContractFolder(await contractEngine(), contractsFolder),
        limits: { ...roomsLimits, continuity: { frozenMs: 600_000, storePatienceMs: 1000 } },
        log: () => undefined,
      });
    const [worker, browser, port] = await Promise.all([
      start(),
      launchChromiumThatDraws(),
      freePort(),
      copyPages(join(folder, "page"), world),
    ]);
    const link = await TamperedLink.open(join(folder, "link.sock"), join(folder, "worker.sock"));
    const place = new HubWorld(folder, world, port, { browser, worker, startWorker: start, link, moderator });
    await place.start();
    return place;
  }

  /** A window with a storage of its own. */
  window(options?: WindowOptions): Promise<Window> {
    return openWindow(this.browser, options);
  }

  /** The gateway, at the same address each time. */
  async start(): Promise<void> {
    this.#gateway = spawn(process.execPath, this.#command, { stdio: ["ignore", "ignore", "inherit"] });
    for (;;) {
      const ready = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (ready?.ok === true) return;
      if (this.#gateway.exitCode !== null) throw new Error("the gateway has stopped");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The gateway is gone, without a word to anybody. */
  async kill(): Promise<void> {
    const gateway = this.#gateway!;
    gateway.kill("SIGKILL");
    if (gateway.exitCode === null && gateway.signalCode === null) await once(gateway, "exit");
  }

  /** While the gateway is gone: its store as it is now, for later. */
  async keepStore(): Promise<void> {
    await cp(this.store, `${this.store}-older`, { recursive: true });
  }

  /** The place is set back to the store that was kept, and starts anew. */
  async setBack(): Promise<void> {
    await this.kill();
    await this.#worker.close();
    await rm(this.store, { recursive: true });
    await rename(`${this.store}-older`, this.store);
    this.#worker = await this.#startWorker();
    await this.start();
  }

  /** From now on the worker hears nothing of its store. */
  loseStore(): void {
    this.#link.rule = (message) => (message.kind === linkKinds.storeAnswer ? [] : passOn(message, this.#link));
  }

  /** It is there again. */
  findStore(): void {
    this.#link.rule = passOn;
    this.#link.cut();
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.kill();
    await this.#link.close();
    await this.#worker.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Pages as they were built, but for this world. */
async function copyPages(folder: string, world: string): Promise<void> {
  await cp(pageFolder, folder, { recursive: true });
  const before = bytesToHex(worldId(builtFor));
  for (const { name, parentPath } of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!name.endsWith(".js")) continue;
    const file = join(parentPath, name);
    const script = await readFile(file, "utf8");
    if (script.includes(before)) await writeFile(file, script.replaceAll(before, world));
  }
}

/** For a gateway that comes back where it was. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
