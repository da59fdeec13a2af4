/**
 * Two people in Phala World, one at a desk with nothing but a keyboard, one with a phone. Each of them meets the other, finds
 * what the other never hears of, goes through a gate to a game and comes back, and grows a Shell; what they do about each
 * other; and what they see when the place fails them.
 */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { piecesWith } from "./decrypted.ts";
import { Dweller } from "./dweller.ts";
import { playDot4, playSkirmish } from "./games.ts";
import { hatch, raise } from "./growing.ts";
import { hashOf, HubStage, patienceMs, soon } from "./hub-stage.ts";
import { openedReports } from "./opened-reports.ts";
import type { PhalaWindow } from "./phala-window.ts";
import { digSomething, goToOtherHub, hasDeeds, keepsEverything, type Find } from "./trips.ts";

let stage: HubStage;
vi.setConfig({ testTimeout: 3 * patienceMs });

beforeAll(async () => {
  stage = await HubStage.open();
}, 120_000);
afterAll(() => stage?.close());

/** As the worker writes it: two numbers of 16 bits, from -40 to 40. */
function rowOf({ x, z }: Find): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(4));
  [x, z].forEach((value, i) => bytes.setUint16(2 * i, Math.round(((value + 40) / 80) * 65_535), true));
  return new Uint8Array(bytes.buffer);
}

const received = ({ page }: PhalaWindow, text: string): Promise<number> =>
  piecesWith(page, new TextEncoder().encode(text));

test("two people meet, at a desk and on a phone: each sees the other, and hears them", async () => {
  const { ada, grace, screens } = stage;
  await stage.bothAreHere();
  for (const [person, name, other] of [
    [ada, "Ada", grace],
    [grace, "Grace", ada],
  ] as const) {
    const from = await person.settled();
    await person.step(name === "Ada" ? 2 : -2, 2);
    await soon(async () => {
      const [seen, true_] = [await other.sees(name), await person.at()];
      if (seen === undefined) return false;
      return Math.hypot(seen.x - true_.x, seen.z - true_.z) < 0.5 && Math.hypot(seen.x - from.x, seen.z - from.z) > 0.8;
    });
    await person.say(`the Origin is warm, says ${name}`);
    await other.hears(`the Origin is warm, says ${name}`);
  }
  await grace.press('[data-emote="wave"]');
  await soon(async () => (await ada.sees("Grace"))?.clip === "wave");
  await screens.look("desktop: inside", ada.page);
  await screens.look("phone: inside", grace.page);
  await Promise.all([raise(ada, screens, "desktop"), raise(grace, screens, "phone")]);
});

test("each digs up what the other never hears of, and comes back through a gate with what came of a game", async () => {
  const { ada, grace } = stage;
  await stage.bothAreHere();
  const finds = await Promise.all([digSomething(ada, 1), digSomething(grace, -1)]);
  for (const [find, finder, other] of [
    [finds[0], ada, grace],
    [finds[1], grace, ada],
  ] as const) {
    expect(await piecesWith(finder.page, rowOf(find))).toBeGreaterThan(0);
    expect(await piecesWith(other.page, rowOf(find))).toBe(0);
  }
  // The search finds what is there.
  expect(await received(grace, "the Origin is warm, says Ada")).toBeGreaterThan(0);
  await Promise.all([playDot4(stage, ada, "desktop"), playSkirmish(stage, grace, "phone")]);
});

test("the Shell that each has grown is seen by the other, with what it wears", async () => {
  const { ada, grace, screens } = stage;
  await stage.bothAreHere();
  await Promise.all([
    hatch(ada, { window: grace, sees: "Ada" }, screens, "desktop"),
    hatch(grace, { window: ada, sees: "Grace" }, screens, "phone"),
  ]);
});

test("a reload keeps everything, and whoever goes to another hub is the same there, with all that they have", async () => {
  const { ada, grace, room } = stage;
  await stage.bothAreHere();
  const guest = { race: "spectre", career: "monk", coat: 3, light: 2 } as const;
  const other = await stage.openHub();
  const [here, there] = await Promise.all([
    Dweller.enter(stage.hubAt(room), { ...guest, name: "Lin" }),
    Dweller.enter(stage.hubAt(other), { ...guest, name: "Noor" }),
  ]);
  await soon(async () => here.sees("Ada") !== undefined);
  const before = here.sees("Ada");
  here.close();
  const travels = async (): Promise<void> => {
    await goToOtherHub(ada, other);
    await soon(async () => there.sees("Ada")?.look === before?.look);
    expect(there.sees("Ada")).toEqual(before);
    await hasDeeds(ada, "1 dug up · 1 won in Dot4");
    await goToOtherHub(ada, room);
  };
  const stays = async (): Promise<void> => {
    await keepsEverything(grace, "Grace");
    await hasDeeds(grace, "1 dug up");
  };
  await Promise.all([travels(), stays()]);
  there.close();
  await soon(async () => (await grace.sees("Ada"))?.look === before?.look);
  for (const person of [ada, grace]) person.expectNoComplaints();
});

/** Whatever Grace has said before has reached Ada by then, if it does. */
async function graceSays(text: string): Promise<void> {
  const { ada, grace } = stage;
  await grace.say(text);
  await grace.hears(text);
  const then = `word ${(words += 1)}`;
  await ada.say(then);
  await ada.hears(then);
}
let words = 0;

/** What one does about Grace, whoever else is near. */
const toGrace = (action: string): string => `[data-person="Grace"] [data-action="${action}"]`;

test("whom one mutes is not heard, after a reload neither; what was reported is read by the moderator, who keeps order", async () => {
  const { ada, grace, screens, world } = stage;
  await stage.bothAreHere();
  const { x, z } = await grace.at();
  await ada.walkTo(x - 1, z, { within: 6 });
  await graceSays("something foul");
  expect(await ada.hasHeard("something foul")).toBe(true);
  await ada.openPanel("people");
  await screens.look("desktop: people", ada.page);
  await ada.press(toGrace("report"));
  await ada.hears("Only this world’s moderator can read it.");
  await ada.press(toGrace("mute"));
  await ada.find(`${toGrace("mute")}[aria-pressed="true"]`).waitFor();
  await ada.closePanel();
  await graceSays("something worse");
  expect(await received(ada, "something worse")).toBe(0);

  // It goes with the account.
  await keepsEverything(ada, "Ada");
  await hasDeeds(ada, "1 dug up · 1 won in Dot4");
  await graceSays("something vile");
  expect(await received(ada, "something vile")).toBe(0);
  await ada.openPanel("people");
  await ada.find(`${toGrace("mute")}[aria-pressed="true"]`).waitFor();
  await ada.press(toGrace("mute"));
  await ada.press(toGrace("block"));
  await ada.find(`${toGrace("block")}[aria-pressed="true"]`).waitFor();
  await ada.closePanel();
  await ada.say("not for everybody");
  await ada.hears("not for everybody");
  await graceSays("is anybody there");
  expect(await received(grace, "not for everybody")).toBe(0);
  expect(await received(ada, "is anybody there")).toBe(0);

  // While the place runs: from its address, and out of its store.
  for (const where of [
    ["--at", world.url],
    ["--store", `sqlite:${world.store}`],
  ]) {
    const opened = await openedReports(world.moderatorKey, ...where);
    expect(opened).toContain("something foul");
    expect(opened).not.toContain("something worse");
    // Out of a store nobody says by which key the enclave signs.
    expect(opened.includes("report-unchecked")).toBe(where[0] === "--store");
    expect(opened.includes("doubt")).toBe(where[0] === "--store");
  }
  await ada.openPanel("people");
  await ada.act("order");
  await ada.find('[data-field="moderator-key"]').setInputFiles(world.moderatorKey);
  await ada.find('[data-report="1"] blockquote').filter({ hasText: "something foul" }).waitFor();
  await screens.look("desktop: order", ada.page);
  await ada.window.shot("world-order");
  await ada.act("ban");
  await ada.find("[data-banned]").waitFor();
  await grace.find('[data-notice="outside"]').waitFor();
  await screens.look("phone: outside", grace.page);
  await grace.window.shot("world-outside-phone");
  await soon(async () => (await ada.sees("Grace")) === undefined);
  // Whom one has blocked can be heard again, also while they are not near.
  await ada.closePanel();
  await ada.openPanel("people");
  await ada.find('[data-unheard] [data-action="block"][aria-pressed="true"]').waitFor();
  await ada.press('[data-unheard] [data-action="block"]');
  await ada.find("[data-unheard]").waitFor({ state: "detached" });
  await ada.act("order");
  await ada.act("pardon");
  await grace.act("come-back");
  await soon(async () => (await ada.sees("Grace")) !== undefined);
  await ada.closePanel();
  await ada.openPanel("people");
  await ada.press(toGrace("kick"));
  await grace.find('[data-notice="outside"]').waitFor();
  expect(await grace.find('[data-notice="outside"]').innerText()).toContain("Come back in 10 minutes.");
  await ada.closePanel();
});

test("a gateway that was killed is a notice, and with the next one walking goes on", async () => {
  const { ada, screens, world } = stage;
  await stage.bothAreHere();
  await world.kill();
  await world.keepStore();
  await ada.find('[data-notice="reconnecting"]').waitFor();
  await screens.look("desktop: reconnecting", ada.page);
  await ada.window.shot("world-reconnecting");
  await world.start();
  await ada.find('[data-notice="reconnecting"]').waitFor({ state: "detached" });
  const before = await ada.settled();
  await ada.step(-2, 0);
  const after = await ada.settled();
  expect(Math.hypot(after.x - before.x, after.z - before.z)).toBeGreaterThan(0.8);
});

test("a hub that is frozen stops play, and its shield says so until it goes on", async () => {
  const { ada, screens, world } = stage;
  await stage.bothAreHere();
  world.loseStore();
  await ada.find('[data-notice="frozen"]').waitFor();
  expect(await ada.find(".chip").innerText()).toContain("Waiting: the room cannot be kept just now");
  await screens.look("desktop: frozen", ada.page);
  await ada.window.shot("world-frozen");
  const before = await ada.settled();
  await ada.step(2, 0);
  expect(await ada.settled()).toEqual(before);
  world.findStore();
  await ada.find('[data-notice="frozen"]').waitFor({ state: "detached" });
  await soon(async () => {
    await ada.step(2, 0);
    const after = await ada.settled();
    return Math.hypot(after.x - before.x, after.z - before.z) > 0.8;
  });
});

test("a hub that the place has set back stands still for those who remember more, and says so", async () => {
  const { ada, grace, screens, world } = stage;
  await stage.bothAreHere();
  await world.setBack();
  for (const person of [ada, grace]) await person.find('[data-notice="frozen"]').waitFor();
  expect(await ada.find(".chip").innerText()).toContain("Frozen: the place shows an older state");
  await screens.look("desktop: set back", ada.page);
  await ada.window.shot("world-set-back");
});

test("a page that was built for other rules lets nobody play, and its shield says which check failed", async () => {
  const { screens, world, room } = stage;
  const eve = await stage.anotherWindow();
  // As if this page's contract hash were another: the bundle is changed on its way to this window only.
  await eve.page.route("**/world/assets/*.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({
      response,
      body: (await response.text()).replaceAll(hashOf("phala-world"), "0".repeat(64)),
    });
  });
  await eve.page.goto(`${world.url}/world/#room=${room}`, { waitUntil: "commit" });
  await eve.find('[data-closed="wrong-contract"][data-proof="failed"]').waitFor();
  await screens.look("desktop: closed", eve.page);
  expect(await eve.find('.chip[data-shield="bad"]').count()).toBe(1);
  expect(await eve.find('[data-action="enter"]').count()).toBe(0);
  await eve.act("open-shield");
  await eve.find('[data-verdict="fail"]').first().waitFor();
});

test("none of these screens has a serious fault", () => {
  const { screens } = stage;
  expect(screens.faults).toEqual({});
  expect(screens.names).toHaveLength(23);
});
