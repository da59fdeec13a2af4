/** A PostgreSQL of a bench's or a test's own, from the system's package: in a temporary folder, on a socket, gone afterwards. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { chown } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const packages = "/usr/lib/postgresql";

/** Where the newest installed version has its programs; undefined if there is none. */
export const postgresPrograms: string | undefined = existsSync(packages)
  ? readdirSync(packages)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(packages, version, "bin"))
      .find((folder) => existsSync(join(folder, "postgres")))
  : undefined;

export const missingPostgres = "PostgreSQL is not installed: apt-get install postgresql";

export class PostgresServer {
  readonly url: string;
  readonly #folder: string;
  readonly #user: Identity;
  #process: ChildProcess | undefined;

  private constructor(folder: string, user: Identity) {
    this.#folder = folder;
    this.#user = user;
    this.url = `postgres:///postgres?host=${encodeURIComponent(folder)}&user=phatroom`;
  }

  static async start(): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), "phatroom-postgres-"));
    const user = identity();
    if (user.uid !== undefined) await chown(folder, user.uid, user.gid!);
    const server = new PostgresServer(folder, user);
    execFileSync(
      join(postgresPrograms!, "initdb"),
      ["--pgdata", server.#data, "--username=phatroom", "--auth=trust", "--no-sync", "--encoding=UTF8"],
      { stdio: "ignore", cwd: folder, ...user },
    );
    await server.begin();
    return server;
  }

  get #data(): string {
    return join(this.#folder, "data");
  }

  /** Starts it, or starts it again. */
  async begin(): Promise<void> {
    // Only on a socket in its own folder: no port that somebody else may have.
    const flags = ["-D", this.#data, "-k", this.#folder, "-c", "listen_addresses="];
    const child = spawn(join(postgresPrograms!, "postgres"), flags, {
      stdio: ["ignore", "ignore", "pipe"],
      cwd: this.#folder,
      ...this.#user,
    });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      let said = "";
      child.stderr!.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (said.includes("database system is ready to accept connections")) resolve();
      });
      child.once("exit", () => reject(new Error(`PostgreSQL did not start:\n${said}`)));
    });
  }

  /** As if the machine had lost its power. */
  async kill(): Promise<void> {
    await this.#end("SIGQUIT");
  }

  async stop(): Promise<void> {
    await this.#end("SIGINT");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    await ended;
    this.#process = undefined;
  }
}

interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root: then as the user whom its package has made. */
function identity(): Identity {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
}
