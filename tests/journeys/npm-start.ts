/** What a stranger does first: `npm start`, as README says, and reads the address that it prints. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootFolder } from "../support/folders.ts";

export interface Started {
  readonly url: string;
  close(): Promise<void>;
}

/** With pages, rooms and a port of its own: a place that runs on this machine already is left alone. */
export async function npmStart(): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), "phatroom-start-"));
  const own = {
    PORT: "0",
    PHATROOM_PAGES: join(folder, "page"),
    PHATROOM_STORE: `sqlite:${join(folder, "store")}`,
    PHATROOM_CHAIN: "none",
  };
  const place = spawn("npm", ["start"], {
    cwd: rootFolder,
    env: { ...process.env, ...own },
    stdio: ["ignore", "pipe", "inherit"],
    // A group of its own: npm does not pass on that it is to stop.
    detached: true,
  });
  const gone = once(place, "exit");
  return {
    url: await addressIn(place.stdout),
    async close() {
      process.kill(-place.pid!, "SIGTERM");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @throws Error if it ends without saying one. */
async function addressIn(output: AsyncIterable<Buffer>): Promise<string> {
  let said = "";
  for await (const part of output) {
    said += part.toString();
    const address = /phatroom is running: +(\S+)/.exec(said)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`npm start has ended:\n${said}`);
}
