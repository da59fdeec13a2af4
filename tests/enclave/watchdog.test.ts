import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const child = fileURLToPath(new URL("watchdog-child.ts", import.meta.url));

async function run(work: "whole" | "pieces") {
  const process_ = spawn(process.execPath, [child, work], { stdio: ["ignore", "pipe", "pipe"] });
  const [said, complained, [exitCode, signal]] = await Promise.all([
    text(process_.stdout),
    text(process_.stderr),
    once(process_, "exit") as Promise<[number | null, string | null]>,
  ]);
  return { said, complained, exitCode, signal };
}

test("a worker that never comes back from one piece of work is stopped, and says why in one line", async () => {
  const { complained, signal } = await run("whole");
  expect(signal).toBe("SIGKILL");
  expect(complained).toMatch(
    /^The worker has spent \d+ ms of processor time on one piece of work, and is stopped\.\n$/,
  );
});

test("a worker that does as much in many pieces is left alone, and ends by itself", async () => {
  expect(await run("pieces")).toEqual({ said: "done\n", complained: "", exitCode: 0, signal: null });
});
