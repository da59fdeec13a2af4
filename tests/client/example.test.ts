/** The example in the client's README is a file that runs, and this is its game. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as pathOf } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createRoom, developmentPolicy } from "#client/index.ts";
import { dot4 } from "#dot4/dot4.ts";
import { softwarePlatform } from "#enclave/platform/software.ts";
import { startWorker } from "#enclave/worker.ts";
import { startGateway } from "#gateway/gateway.ts";
import { worldId } from "#protocol/manifest.ts";
import { inProcess } from "#testing/in-process.ts";
import { playBot } from "./example.ts";

test("the README shows the example as it is, with the names it is published under", async () => {
  const example = await readFile(new URL("example.ts", import.meta.url), "utf8");
  const readme = await readFile(new URL("../../client/sdk/README.md", import.meta.url), "utf8");
  const published = example
    .replace("#client/index.ts", "phatroom/client")
    .replace("#dot4/dot4.ts", "./contracts/dot4/dot4.ts");
  expect(readme).toContain(`\`\`\`ts\n${published}\`\`\``);
});

test("two bots play a game to its end", { timeout: 120_000 }, async () => {
  const directory = await mkdtemp(pathOf(tmpdir(), "phatroom-"));
  const address = { kind: "socket", path: pathOf(directory, "link") } as const;
  const world = { name: "bots", development: true };
  const contract = inProcess(dot4);
  const platform = await softwarePlatform({ directory });
  const worker = await startWorker({ address, world, platform, contracts: [contract], log: () => undefined });
  const gateway = await startGateway({ worker: address, log: () => undefined });
  onTestFinished(async () => {
    await gateway.close();
    await worker.close();
    await rm(directory, { recursive: true });
  });
  await gateway.ready();
  const room = await createRoom(gateway.url, { contract: "dot4" });
  const place = { room, world: worldId(world), contract: contract.hash, policy: developmentPolicy };
  const [one, two] = await Promise.all([playBot(gateway.url, place), playBot(gateway.url, place)]);
  expect(one.how).toBe("finished");
  expect(two).toEqual(one);
});
