/** Puts the page together: settings, a hub or a rehearsal to show, the picture, and what is said around it. */
import { render } from "preact";
import { App } from "./app.tsx";
import { startOrbit } from "./camera/orbit.ts";
import { Doings } from "./doings.ts";
import { Bubbles } from "./hud/bubbles.ts";
import { freeSpace } from "./hud/free-space.ts";
import { nameless } from "./hud/welcome.tsx";
import { printedKeys } from "./input/printed.ts";
import type { Terrain } from "./island/walk.ts";
import { keepSettings, keptSettings } from "./kept-settings.ts";
import { DownloadError, Downloads } from "./loading/downloads.ts";
import { modelAddress, modelSize } from "./loading/model-files.ts";
import { markFrame, markLevel, markReady } from "./marks.ts";
import { openPlace, rehearse } from "./opening.ts";
import { PageState } from "./page-state.ts";
import type { Surroundings } from "./port.ts";
import type { Level } from "./quality/levels.ts";
import { NoGraphicsError } from "./render/engine.ts";
import type { HubPlace } from "./room/hub-place.ts";
import { arrivalWords, type Arrived } from "./room/words.ts";
import { wantsLessMotion } from "./settings.ts";
import { Show } from "./show.ts";
import type { SoundName } from "./sound/score.ts";
import { Strides } from "./sound/strides.ts";
import { Synthesiser } from "./sound/synthesiser.ts";
import { tell } from "./telling.ts";
import { wishOf } from "./wish.ts";

const wish = wishOf(location.search);
const canvas = document.querySelector<HTMLCanvasElement>("#picture")!;
const state = new PageState(keptSettings());
const place = await openPlace({
  wish,
  name: state.settings.value.name,
  onGate: (gate) => void doings.goThrough(gate),
});
const world: Surroundings & { readonly terrain: Terrain } = place?.world ?? (await rehearse(wish));
const synthesiser = new Synthesiser();
const bubbles = new Bubbles(document.querySelector<HTMLElement>("#bubbles")!);
const phone = matchMedia("(pointer: coarse)").matches;
const calmSystem = matchMedia("(prefers-reduced-motion: reduce)");
const strides = new Strides();
let show: Show;
const doings = new Doings({ state, world, place, canvas, show: () => show, play });

const downloads = new Downloads({
  address: modelAddress,
  size: modelSize,
  fetch: (address) => fetch(address),
  // The last part of the bar is building and the first frame.
  onProgress: (share) => loading(0.1 + share * 0.65, "Fetching Shells and stones"),
});

world.listen((event) => tell(event, { state, world, bubbles, play }));
addEventListener("resize", () => show?.resize());
addEventListener("pointerdown", () => synthesiser.wake(), { once: true });
addEventListener("keydown", () => synthesiser.wake(), { once: true });
state.settings.subscribe((settings) => {
  synthesiser.volume = settings.volume / 100;
  keepSettings(settings);
});
const root = document.querySelector("#app")!;
root.replaceChildren();
render(
  <App
    state={state}
    hub={place}
    people={() => [...world.avatars.values()].sort((a, b) => a.name.localeCompare(b.name))}
    own={() => world.own}
    onEnter={(name) => doings.enter(name)}
    onLook={(look) => doings.dress(look)}
    onSay={(text) => world.say(text)}
    onEmote={(name) => doings.emote(name)}
    onTravel={() => doings.travel()}
    onDig={() => world.dig()}
    onSettings={(settings) => doings.choose(settings)}
    onPush={(push) => doings.push(push)}
    onPanel={(panel) => doings.open(panel)}
    onReload={() => location.reload()}
  />,
  root,
);
void printedKeys().then((printed) => {
  state.told.value = printed;
});
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
      wish: () => doings.held,
      lessMotion: () => wantsLessMotion(state.settings.value, calmSystem.matches),
      guest: () => (state.stage.value.at === "inside" ? null : state.settings.value.look),
      space: freeSpace,
      onFrame: frame,
      onLevel: (level) => {
        state.level.value = level;
        markLevel(level);
      },
    });
    void place?.start();
    await show.build();
    loading(0.9, "Raising the island");
    await show.run();
    // Beside the welcome stands whoever is about to enter, before the Origin.
    show.orbit = { ...startOrbit, yaw: 0.08, pitch: 0.1 };
    state.stage.value = { at: "welcome" };
    markReady();
    if (place !== null) returnTo(place);
  } catch (error) {
    state.stage.value = { at: "failed", reason: reasonOf(error) };
    throw error;
  }
}

/** Whoever is in the world already, because the page was loaded again, or comes back through a gate, goes on unasked. */
function returnTo({ visit }: HubPlace): void {
  visit.view.subscribe((view) => {
    const mine = view?.mine ?? null;
    if (mine?.inWorld === true) state.out.value = false;
    else if (mine?.banned === true || (mine?.outUntil ?? null) !== null) state.out.value = true;
    if (mine !== null && mine.arrival !== null) welcomeBack(mine.arrival);
    doings.greet();
    const known = view?.mine?.inWorld === true || state.back.value;
    if (state.stage.value.at !== "welcome" || !known) return;
    doings.enter(state.settings.value.name === "" ? nameless : state.settings.value.name);
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
  state.tick(performance.now() / 1000);
  if (state.here.value !== world.avatars.size) state.here.value = world.avatars.size;
  bubbles.draw(world, (avatar) => show.scene?.onScreen(avatar, world) ?? null);
  markFrame(show, world);
  const own = world.own === null ? undefined : world.avatars.get(world.own);
  if (own !== undefined && strides.to(own)) play("step");
}

function play(sound: SoundName): void {
  synthesiser.play(sound);
  state.heard(sound, performance.now() / 1000);
}
