/**
 * The rules of a game are upgraded while two people play it: both are warned, the one whose page knows the new rules
 * plays on, and whoever does not want them may leave before.
 */
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { buildContract } from "#cli/build-contract.ts";
import { lineagesIn, type Lineages } from "#cli/built-in-lineages.ts";
import { Operator } from "#cli/operator.ts";
import { startPlace, type Place } from "#cli/place.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import type { RoomId } from "#protocol/identity.ts";
import { encodeUpgrade, signUpgrade } from "#protocol/upgrade.ts";
import { launchChromium } from "../browser/chromium.ts";
import { contractsFolder, pageFolder } from "../support/folders.ts";
import { Dot4Window } from "./dot4-window.ts";
import { openWindow, phone, type Window } from "./world.ts";

const world = { name: "phatroom development", development: true };
const password = "a password of the operator";
const secret = new Uint8Array(32).fill(61);
/** Time enough to be read; it runs while the game does. */
const noticeMs = 6000;

let folder: string;
let place: Place;
let browser: Browser;
let lineages: Lineages;
let upgrade: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "phatroom-upgrade-"));
  const contracts = join(folder, "contracts");
  await mkdir(join(contracts, "earlier"), { recursive: true });
  await copyFile(join(contractsFolder, "dot4.bundle.js"), join(contracts, "dot4.bundle.js"));
  const next = await buildContract(fileURLToPath(new URL("rules/dot4-again.ts", import.meta.url)), {
    sourceMap: false,
  });
  await writeFile(join(contracts, "earlier", "dot4.bundle.js"), next.bundle);
  const bundle = new Uint8Array(await readFile(join(contracts, "dot4.bundle.js")));
  const { hash: first } = await (await contractEngine()).load(bundle);
  const terms = { first: bytesToHex(first), threshold: 1, noticeMs };
  const statement = { lineage: new Uint8Array(32), from: first, to: hexToBytes(next.hash), number: 1, noticeMs };
  const { key } = signUpgrade(statement, secret);
  await writeFile(join(contracts, "lineages.json"), JSON.stringify([{ ...terms, upgradeKeys: [bytesToHex(key)] }]));
  lineages = await lineagesIn(contracts, world, { dot4: bytesToHex(first) });
  const signed = { ...statement, lineage: hexToBytes(lineages["dot4"]!.lineage) };
  upgrade = bytesToHex(encodeUpgrade({ ...signed, signatures: [signUpgrade(signed, secret)] }));
  place = await startPlace({
    world,
    contracts,
    directory: join(folder, "platform"),
    output: () => undefined,
    gateway: {
      page: pageFolder,
      port: 0,
      store: { kind: "sqlite", directory: join(folder, "store") },
      operatorPassword: password,
    },
  });
  browser = await launchChromium();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await place?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A window whose page was built for this place: with the rooms' lineage, and the rules to come if it knows them. */
async function windowThat(knows: boolean, options?: Parameters<typeof openWindow>[1]): Promise<Window> {
  const window = await openWindow(browser, options);
  const { lineage, upgrades } = lineages["dot4"]!;
  const builtIn = JSON.stringify({ dot4: { lineage, upgrades: knows ? upgrades : [] } });
  await window.page.route("**/dot4/assets/*.js", async (route) => {
    const response = await route.fetch();
    const script = (await response.text()).replace(
      /(?<=[{,])contracts:\{(?="?phala-world|"?dot4)/,
      `lineages:${builtIn},$&`,
    );
    await route.fulfill({ response, body: script });
  });
  return window;
}

test("both players are warned; one page plays on by the new rules, one does not know them and leaves", async () => {
  const ada = new Dot4Window(await windowThat(true));
  const grace = new Dot4Window(await windowThat(false, { viewport: phone, touch: true }), { touch: true });
  for (const [player, name] of [
    [ada, "Ada"],
    [grace, "Grace"],
  ] as const) {
    await player.arrive(place.url, name);
    await player.act("play-now");
  }
  await ada.hideBombs(["0,0", "9,9", "4,5"]);
  await grace.hideBombs(["5,5", "2,7", "7,2"]);
  for (const player of [ada, grace]) await player.until('[data-phase="playing"]');
  const room = (await ada.attribute("data-room")) as RoomId;
  expect(await new Operator(place.url, password).upgrade(upgrade, room)).toMatchObject({ announced: 1 });
  for (const player of [ada, grace]) await player.window.page.locator('[data-notice="upgrade"]').waitFor();
  expect(await ada.window.page.locator('[data-notice="upgrade"]').innerText()).toMatch(
    /The rules change in[^]*leave before/,
  );
  expect(await grace.window.page.locator('[data-notice="upgrade"]').innerText()).toContain(
    "does not know the new rules",
  );
  await ada.window.shot("upgrade");
  await grace.window.shot("upgrade-phone");
  // Who wants to leave is asked once more, and may stay.
  await grace.act("leave-before");
  await grace.window.page.getByRole("button", { name: "Keep playing" }).tap();
  await grace.window.page.locator('[data-closed="wrong-contract"]').waitFor();
  await ada.until('[data-connection="joined"][data-room-phase="paused"]');
  await expect.poll(() => ada.window.page.locator('[data-notice="upgrade"]').count()).toBe(0);
  await ada.window.shot("upgrade-after");
});
