/** Puts the page together: settings, a hub or a rehearsal to show, the picture, and what is said around it. */
import { render } from "preact";
import raw from "virtual:built-in";
import { readBuiltIn } from "#kit/built-in.ts";
import { App } from "./app.tsx";
import { encodeLook, type Look } from "./avatars/look.ts";
import { pushFrom, startOrbit, toggledView, turned, zoomed, type Orbit } from "./camera/orbit.ts";
import { Controls } from "./controls.ts";
import { nameless } from "./hud/welcome.tsx";
import { Bubbles } from "./hud/bubbles.ts";
import type { Wish } from "./input/held.ts";
import { usualBindings, type Action } from "./input/keys.ts";
import { hub } from "./island/island.ts";
import type { Push, Terrain } from "./island/walk.ts";
import { DownloadError, Downloads } from "./loading/downloads.ts";
import { modelAddress, modelSize } from "./loading/model-files.ts";
import { PageState, type PanelName } from "./page-state.ts";
import type { Emote, Surroundings, WorldEvent } from "./port.ts";
import type { Level } from "./quality/levels.ts";
import { NoGraphicsError } from "./render/engine.ts";
import type { HubPlace } from "./room/hub-place.ts";
import { arrivalWords, type Arrived } from "./room/words.ts";
import { readSettings, wantsLessMotion, writeSettings, type Settings } from "./settings.ts";
import { Show } from "./show.ts";
import { stride, type SoundName } from "./sound/score.ts";
import { Synthesiser } from "./sound/synthesiser.ts";
import { wishOf } from "./wish.ts";

const settingsKey = "phala-world-settings";
const wish = wishOf(location.search);
const canvas = document.querySelector<HTMLCanvasElement>("#picture")!;
const state = new PageState(readSettings(stored()));
/** Null where the page was built for no place, or is asked to rehearse. */
const place = await openPlace();
const world: Surroundings & { readonly terrain: Terrain } = place?.world ?? (await rehearse());
const synthesiser = new Synthesiser();
const bubbles = new Bubbles(document.querySelector<HTMLElement>("#bubbles")!);
const phone = matchMedia("(pointer: coarse)").matches;
const calmSystem = matchMedia("(prefers-reduced-motion: reduce)");

const controls = new Controls({
  page: window,
  canvas,
  active: () => state.inside.value && state.panel.value === null,
  onAction: act,
  onLook: ({ right, down, zoom }) => {
    show.orbit = zoomed(turned(show.orbit, right, down), zoom);
  },
  onWish: () => world.steer(wished()),
});

const downloads = new Downloads({
  address: modelAddress,
  size: modelSize,
  fetch: (address) => fetch(address),
  // The last part of the bar is building and the first frame.
  onProgress: (share) => loading(0.1 + share * 0.65, "Fetching Shells and stones"),
});

let show: Show;
let strode = 0;
let before = { x: 0, z: 0 };
/** Where the camera was before the mirror. */
let orbitBefore: Orbit | null = null;

world.listen(hear);
addEventListener("resize", () => show?.resize());
addEventListener("pointerdown", () => synthesiser.wake(), { once: true });
addEventListener("keydown", () => synthesiser.wake(), { once: true });
state.settings.subscribe((settings) => {
  synthesiser.volume = settings.volume / 100;
  keep(settings);
});
const root = document.querySelector("#app")!;
root.replaceChildren();
render(
  <App
    state={state}
    hub={place}
    bindings={usualBindings}
    people={() => [...world.avatars.values()].sort((a, b) => a.name.localeCompare(b.name))}
    own={() => world.own}
    onEnter={enter}
    onLook={dress}
    onSay={(text) => world.say(text)}
    onEmote={emote}
    onTravel={travel}
    onDig={() => world.dig()}
    onSettings={choose}
    onPush={(push) => {
      controls.push(push);
      world.steer(wished());
    }}
    onPanel={open}
    onReload={() => location.reload()}
  />,
  root,
);
await start();

async function start(): Promise<void> {
  try {
    loading(0.05, "Waking the engine");
    const { quality } = state.settings.value;
    show = new Show({
      canvas,
      world,
      terrain: world.terrain,
      downloads,
      level: wish.quality ?? (quality === "auto" ? firstGuess() : quality),
      auto: wish.quality === undefined && quality === "auto",
      phone,
      frozen: wish.frozen,
      pixels: wish.pixels,
      wish: held,
      lessMotion: () => wantsLessMotion(state.settings.value, calmSystem.matches),
      onFrame: frame,
      onLevel: (level) => {
        state.level.value = level;
        document.documentElement.dataset["level"] = level;
      },
    });
    void place?.start();
    await show.build();
    loading(0.9, "Raising the island");
    await show.run();
    // The picture is behind the welcome; who looks at it stands a little back.
    show.orbit = { yaw: 0.08, pitch: 0.1, distance: 13 };
    state.stage.value = { at: "welcome" };
    document.documentElement.dataset["readyMs"] = performance.now().toFixed(0);
    document.documentElement.dataset["ready"] = "true";
    if (place !== null) returnTo(place);
  } catch (error) {
    state.stage.value = { at: "failed", reason: reasonOf(error) };
    throw error;
  }
}

/** What keys and stick wish; nothing while something is open. */
function held(): Wish {
  const walking = state.inside.value && state.panel.value === null;
  return walking ? controls.wish : { right: 0, ahead: 0, run: false, turn: 0 };
}

/** The same, in the world's directions. */
function wished(): Push {
  const { right, ahead, run } = held();
  return { ...pushFrom(show.orbit.yaw, right, ahead), run };
}

/** Whoever is in the world already, because the page was loaded again, or comes back through a gate, goes on unasked. */
function returnTo({ visit }: HubPlace): void {
  visit.view.subscribe((view) => {
    const mine = view?.mine ?? null;
    if (mine?.inWorld === true) state.out.value = false;
    else if (mine?.banned === true || (mine?.outUntil ?? null) !== null) state.out.value = true;
    if (mine !== null && mine.arrival !== null) welcomeBack(mine.arrival);
    const known = view?.mine?.inWorld === true || state.back.value;
    if (state.stage.value.at !== "welcome" || !known) return;
    enter(state.settings.value.name === "" ? nameless : state.settings.value.name);
  });
}

/** Said once. */
function welcomeBack(arrival: Arrived): void {
  if (state.back.value) return;
  state.back.value = true;
  state.say(null, arrivalWords(arrival));
}

function reasonOf(error: unknown): "graphics" | "download" | "unknown" {
  if (error instanceof NoGraphicsError) return "graphics";
  return error instanceof DownloadError ? "download" : "unknown";
}

/** What to begin with, before anything is measured. */
function firstGuess(): Level {
  return phone ? "low" : "medium";
}

function loading(share: number, doing: string): void {
  if (state.stage.value.at === "loading") state.stage.value = { at: "loading", share, doing };
}

function frame(): void {
  const now = performance.now() / 1000;
  state.tick(now);
  if (state.here.value !== world.avatars.size) state.here.value = world.avatars.size;
  bubbles.draw(world, (avatar) => show.scene?.onScreen(avatar, world) ?? null);
  const own = world.own === null ? undefined : world.avatars.get(world.own);
  const { dataset } = document.documentElement;
  dataset["frames"] = String(show.frames);
  dataset["scriptMs"] = show.scriptMs.toFixed(1);
  dataset["firstFrameMs"] ??= performance.now().toFixed(0);
  if (own === undefined) return;
  dataset["near"] = JSON.stringify(
    [...world.avatars.values()].slice(0, 24).map(({ name, x, z, clip, look }) => ({
      name,
      x: Number(x.toFixed(1)),
      z: Number(z.toFixed(1)),
      clip,
      look: encodeLook(look),
    })),
  );
  dataset["finds"] = JSON.stringify([...world.finds]);
  dataset["at"] = `${own.x.toFixed(2)},${own.z.toFixed(2)}`;
  const moved = Math.hypot(own.x - before.x, own.z - before.z);
  before = { x: own.x, z: own.z };
  strode += moved < 1 ? moved : 0;
  if (strode < stride) return;
  strode = 0;
  play("step");
}

function hear(event: WorldEvent): void {
  switch (event.kind) {
    case "said":
      state.say(event.name, event.text, event.from === world.own);
      bubbles.say(event.from, event.text, world.time);
      if (state.inside.value) play("message");
      return;
    case "gate":
    case "no-gate":
      state.gate.value = event.kind === "gate" ? event.gate : null;
      if (event.kind === "gate") play("gate");
      return;
    case "find":
    case "no-find":
      state.find.value = event.kind === "find";
      if (event.kind === "find") play("find");
      return;
    case "notice":
      state.say(null, event.text);
      return;
    case "arrived":
      if (event.id !== world.own) state.say(null, `${event.name} has arrived.`);
      return;
    case "left":
      state.say(null, `${event.name} has left.`);
  }
}

function act(action: Action): void {
  switch (action) {
    case "view":
      show.orbit = toggledView(show.orbit);
      return;
    case "nearer":
    case "farther":
      show.orbit = zoomed(show.orbit, action === "nearer" ? 0.8 : 1.25);
      return;
    case "act":
      if (state.find.value && state.gate.value === null) world.dig();
      else travel();
      return;
    case "talk":
      controls.release();
      world.steer(wished());
      state.talking.value = true;
      return;
    case "soul":
      if (place !== null) open(action);
      return;
    case "looks":
    case "people":
    case "settings":
    case "help":
      open(action);
      return;
    case "wave":
    case "dance":
    case "cheer":
    case "sit":
      emote(action);
      return;
    default:
    // The rest is held, and asked for each frame.
  }
}

/** Opens a panel, or closes it with null. While one chooses looks, the camera is a mirror. */
function open(panel: PanelName | null): void {
  controls.release();
  play("panel");
  state.panel.value = panel;
  world.steer(wished());
  const own = world.own === null ? undefined : world.avatars.get(world.own);
  if (panel === "looks" && own !== undefined) {
    orbitBefore = show.orbit;
    show.orbit = { yaw: own.heading + Math.PI - 0.35, pitch: 0.05, distance: 3.4 };
  } else if (panel === null && orbitBefore !== null) {
    show.orbit = orbitBefore;
    orbitBefore = null;
  }
}

function enter(name: string): void {
  const settings = { ...state.settings.value, name };
  state.settings.value = settings;
  world.enter(name, settings.look);
  place?.rename(name);
  show.orbit = startOrbit;
  state.stage.value = { at: "inside" };
  state.say(
    null,
    `Welcome, ${name}. ${place === null ? "This is a rehearsal: nobody else is here." : "Those who are near hear what you say."}`,
  );
  play("arrival");
  canvas.focus();
}

function dress(look: Look): void {
  state.settings.value = { ...state.settings.value, look };
  world.dress(look);
}

function emote(name: Emote): void {
  world.emote(name);
  play("emote");
}

function travel(): void {
  if (state.gate.value === null) return;
  play("travel");
  world.travel();
}

async function goThrough(gate: string): Promise<void> {
  if (state.travelling.value) return;
  state.travelling.value = true;
  const stays = await place?.travel(gate);
  state.travelling.value = false;
  if (stays !== undefined) state.say(null, stays);
}

function choose(settings: Settings): void {
  const changed = settings.quality !== state.settings.value.quality;
  state.settings.value = settings;
  if (changed) void show.choose(settings.quality);
}

function play(sound: SoundName): void {
  synthesiser.play(sound);
  state.heard(sound, performance.now() / 1000);
}

async function openPlace(): Promise<HubPlace | null> {
  if (raw === null || wish.cast !== undefined) return null;
  const { openHub } = await import("./room/hub-place.ts");
  return openHub({
    builtIn: readBuiltIn(raw),
    address: location.href,
    name: state.settings.value.name,
    clock: wish.clock,
    onGate: (gate) => void goThrough(gate),
    open: goTo,
  });
}

/** Another page; or this one once more, for another hub: that would be another fragment, by which no page is loaded. */
function goTo(address: string): void {
  const page = (link: string): string => link.split("#", 1)[0]!;
  const same = page(address) === page(location.href);
  location.assign(address);
  if (same) location.reload();
}

/** A stage with a cast that follows a script. */
async function rehearse() {
  const { Rehearsal } = await import("./rehearsal/rehearsal.ts");
  return new Rehearsal({
    island: hub,
    cast: wish.cast ?? 0,
    ...(wish.day === undefined ? {} : { day: wish.day }),
  });
}

/** A browser may refuse its storage; then settings last as long as the page. */
function stored(): string | null {
  try {
    return localStorage.getItem(settingsKey);
  } catch {
    return null;
  }
}

function keep(settings: Settings): void {
  try {
    localStorage.setItem(settingsKey, writeSettings(settings));
  } catch {
    // As above.
  }
}
