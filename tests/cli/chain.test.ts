/** `phatroom chain`, as it is typed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../../server/cli/main.ts", import.meta.url));

const started: ReturnType<typeof run>[] = [];
afterEach(() => {
  for (const { child } of started.splice(0)) child.kill("SIGKILL");
});

function run(args: readonly string[], nodeOptions: readonly string[] = []) {
  const child = spawn(process.execPath, [...nodeOptions, main, "chain", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      printed += data.toString("utf8");
    });
  }
  return { child, printed: () => printed };
}

/** Until it ends. @returns its status and all that it printed. */
async function ended(args: readonly string[], nodeOptions?: readonly string[]): Promise<[unknown, string]> {
  const one = run(args, nodeOptions);
  started.push(one);
  const [status] = (await once(one.child, "close")) as [unknown];
  return [status, one.printed()];
}

test("starts a chain, says where and how, and stops when it is told to", async () => {
  const one = run(["--port", "0", "--mode", "manual", "--finality", "2"]);
  started.push(one);
  await expect.poll(one.printed, { timeout: 30_000 }).toContain("Ctrl-C");
  const text = one.printed();
  expect(text).toContain("statemine 900");
  expect(text).toContain("Blocks are made on dev_newBlock, and final 2 blocks later.");
  const url = /ws:\/\/127\.0\.0\.1:\d+/.exec(text)![0].replace("ws:", "http:");
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "system_chain", params: [] });
  expect(await (await fetch(url, { method: "POST", body })).json()).toMatchObject({ result: "Phatroom development" });
  one.child.kill("SIGTERM");
  expect((await once(one.child, "close"))[0]).toBe(0);
});

describe("says what is wrong, and ends", () => {
  test.for([
    ["a port that is none", ["--port", "many"], "There is no port many."],
    ["a mode that is none", ["--mode", "0"], "--mode takes"],
    ["finality that is none", ["--finality", "never"], "--finality takes"],
    ["a specification that is not there", ["--spec", "/nowhere.json"], "There is no such chain specification."],
    [
      "terms that cannot be written",
      ["--port", "0", "--terms", "/nowhere/terms.json"],
      "There is no /nowhere/terms.json",
    ],
    ["a database that is none", ["--port", "0", "--db", main], "This file holds no development chain."],
  ] as const)("about %s", async ([, args, sentence]) => {
    const [status, printed] = await ended(args);
    expect(printed).toContain(sentence);
    expect(printed).not.toContain("    at ");
    expect(status).toBe(1);
  });

  test("about the package of the default chain, when it is not installed", async () => {
    const hook = `import { registerHooks } from "node:module";
      registerHooks({ resolve(name, context, next) {
        if (!name.startsWith("@substrate/")) return next(name, context);
        throw Object.assign(new Error("not found"), { code: "ERR_MODULE_NOT_FOUND" });
      } });`;
    const nodeOptions = ["--import", `data:text/javascript,${encodeURIComponent(hook)}`];
    const [status, printed] = await ended(["--port", "0"], nodeOptions);
    expect(printed).toContain("npm install --save-dev @substrate/connect-known-chains@1.10.3");
    expect(printed).toContain("--spec");
    expect(status).toBe(1);
  });
});
