/** What a person does with keys, fingers and buttons, as wishes of the world and changes of the page. */
import type { Look } from "./avatars/look.ts";
import { pushFrom, startOrbit, toggledView, turned, zoomed, type Orbit } from "./camera/orbit.ts";
import { Controls } from "./controls.ts";
import type { Wish } from "./input/held.ts";
import type { Action } from "./input/keys.ts";
import type { StickPush } from "./input/stick.ts";
import type { Push } from "./island/walk.ts";
import type { PageState, PanelName } from "./page-state.ts";
import type { Emote, Surroundings } from "./port.ts";
import type { HubPlace } from "./room/hub-place.ts";
import type { Settings } from "./settings.ts";
import type { Show } from "./show.ts";
import type { SoundName } from "./sound/score.ts";

export interface DoingsOptions {
  readonly state: PageState;
  readonly world: Surroundings;
  /** Null in a rehearsal. */
  readonly place: HubPlace | null;
  readonly canvas: HTMLElement;
  /** The picture, which is there before anything can be done. */
  readonly show: () => Show;
  readonly play: (sound: SoundName) => void;
}

/** The camera as a mirror: from the front and a little to the side; farther to the side where something stands. */
const mirror = { asides: [0.35, -0.35, 0.8, -0.8, 1.3, -1.3], pitch: 0.05, distance: 5 };

const still: Wish = { right: 0, ahead: 0, run: false, turn: 0 };

export class Doings {
  readonly #options: DoingsOptions;
  readonly #controls: Controls;
  /** Where the camera was before the mirror. */
  #orbitBefore: Orbit | null = null;
  #greeted = false;

  constructor(options: DoingsOptions) {
    this.#options = options;
    const { state, canvas, show } = options;
    this.#controls = new Controls({
      page: window,
      canvas,
      bindings: () => state.bindings.value,
      active: () => this.#walking,
      onAction: (action) => this.#act(action),
      onLook: ({ right, down, zoom }) => {
        show().orbit = zoomed(turned(show().orbit, right, down), zoom);
      },
      onWish: () => this.#steer(),
    });
  }

  /** What keys and stick wish; nothing while something is open. */
  get held(): Wish {
    return this.#walking ? this.#controls.wish : still;
  }

  push(push: StickPush): void {
    this.#controls.push(push);
    this.#steer();
  }

  /** Opens a panel, or closes it with null. While one chooses looks, the camera is a mirror. */
  open(panel: PanelName | null): void {
    const { state, world, play } = this.#options;
    const show = this.#options.show();
    this.#controls.release();
    play("panel");
    state.panel.value = panel;
    this.#steer();
    const own = world.own === null ? undefined : world.avatars.get(world.own);
    if (panel === "looks" && own !== undefined) {
      this.#orbitBefore = show.orbit;
      const { asides, pitch, distance } = mirror;
      const sides = asides.map((aside): Orbit => ({ yaw: own.heading + Math.PI - aside, pitch, distance }));
      show.orbit = sides.find((orbit) => show.scene?.isClear(own, orbit)) ?? sides[0]!;
    } else if (panel === null && this.#orbitBefore !== null) {
      show.orbit = this.#orbitBefore;
      this.#orbitBefore = null;
    }
  }

  enter(name: string): void {
    const { state, world, place, canvas, play, show } = this.#options;
    const settings = { ...state.settings.value, name };
    state.settings.value = settings;
    world.enter(name, settings.look);
    place?.rename(name);
    show().orbit = startOrbit;
    state.stage.value = { at: "inside" };
    this.greet();
    play("arrival");
    canvas.focus();
  }

  /** Once one is in the world, and not before: the room may have to be reached first. */
  greet(): void {
    const { state, place } = this.#options;
    const there = state.inside.value && (place === null || place.visit.view.value?.mine?.inWorld === true);
    if (!there || this.#greeted) return;
    this.#greeted = true;
    const others =
      place === null ? "This is a rehearsal: nobody else is here." : "Those who are near hear what you say.";
    state.say(null, `Welcome, ${state.settings.value.name}. ${others}`);
  }

  dress(look: Look): void {
    const { state, world } = this.#options;
    state.settings.value = { ...state.settings.value, look };
    world.dress(look);
  }

  emote(name: Emote): void {
    this.#options.world.emote(name);
    this.#options.play("emote");
  }

  /** Asks for the gate in whose ring one stands. */
  travel(): void {
    const { state, world, play } = this.#options;
    if (state.gate.value === null) return;
    play("travel");
    world.travel();
  }

  async goThrough(gate: string): Promise<void> {
    const { state, place } = this.#options;
    if (state.travelling.value) return;
    state.travelling.value = true;
    const stays = await place?.travel(gate);
    state.travelling.value = false;
    if (stays !== undefined) state.say(null, stays);
  }

  choose(settings: Settings): void {
    const { state, show } = this.#options;
    const changed = settings.quality !== state.settings.value.quality;
    state.settings.value = settings;
    if (changed) void show().choose(settings.quality);
  }

  get #walking(): boolean {
    const { inside, panel } = this.#options.state;
    return inside.value && panel.value === null;
  }

  /** The wish in the world's directions. Before one is inside there may be no picture yet, and nobody to steer. */
  #steer(): void {
    if (!this.#options.state.inside.value) return;
    const { right, ahead, run } = this.held;
    const push: Push = { ...pushFrom(this.#options.show().orbit.yaw, right, ahead), run };
    this.#options.world.steer(push);
  }

  #act(action: Action): void {
    const { state, world, place } = this.#options;
    const show = this.#options.show();
    state.keyed.value = true;
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
        else this.travel();
        return;
      case "talk":
        this.#controls.release();
        this.#steer();
        state.talking.value = true;
        return;
      case "soul":
        if (place !== null) this.open(action);
        return;
      case "looks":
      case "people":
      case "settings":
      case "help":
        this.open(action);
        return;
      case "wave":
      case "dance":
      case "cheer":
      case "sit":
        this.emote(action);
        return;
      default:
      // The rest is held, and asked for each frame.
    }
  }
}
