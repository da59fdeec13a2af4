/** What the page shows beside the picture, as signals: the stage it is on, what was said, what is open. */
import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { bindingsOf } from "./input/chosen.ts";
import { keyName, type Action, type Bindings, type Printed } from "./input/keys.ts";
import type { Settings } from "./settings.ts";
import { Captions, type SoundName } from "./sound/score.ts";

export type Stage =
  | { readonly at: "loading"; readonly share: number; readonly doing: string }
  | { readonly at: "failed"; readonly reason: "graphics" | "download" | "unknown" }
  | { readonly at: "welcome" }
  | { readonly at: "inside" };

export type PanelName = "soul" | "looks" | "people" | "settings" | "help" | "shield" | "order";

export interface ChatLine {
  readonly id: number;
  /** Null for what the world itself says. */
  readonly name: string | null;
  readonly text: string;
  readonly own: boolean;
}

/** Lines that stay readable. */
const linesKept = 60;

/** Seconds that a caption stays. */
const captionSeconds = 4;

export class PageState {
  readonly stage: Signal<Stage> = signal({ at: "loading", share: 0, doing: "Starting" });
  readonly panel: Signal<PanelName | null> = signal(null);
  readonly chat: Signal<readonly ChatLine[]> = signal([]);
  /** The gate in whose ring one stands. */
  readonly gate: Signal<string | null> = signal(null);
  /** Something is buried within reach. */
  readonly find = signal(false);
  /** Whether it was said from where one has come back. */
  readonly back = signal(false);
  /** The moderator has sent one out of the world; the room goes on around. */
  readonly out = signal(false);
  /** On the way through a gate. */
  readonly travelling = signal(false);
  readonly settings: Signal<Settings>;
  readonly caption: Signal<string | null> = signal(null);
  readonly here = signal(0);
  /** Whole seconds since the page was opened. */
  readonly second = signal(0);
  /** The level that is drawn now. */
  readonly level = signal("");
  readonly talking = signal(false);
  /** What was typed and not said, because it was refused: to be said again. */
  readonly unsaid: Signal<string | null> = signal(null);
  /** What the browser says is printed on keys. */
  readonly told: Signal<Printed> = signal(new Map());
  readonly printed: ReadonlySignal<Printed> = computed(
    () => new Map([...Object.entries(this.settings.value.signs), ...this.told.value]),
  );
  readonly bindings: ReadonlySignal<Bindings> = computed(() => bindingsOf(this.settings.value.keys));
  /** A key was pressed to play. */
  readonly keyed = signal(false);
  readonly inside: ReadonlySignal<boolean> = computed(() => this.stage.value.at === "inside");
  readonly #captions = new Captions();
  #captionUntil = 0;
  #nextLine = 0;

  constructor(settings: Settings) {
    this.settings = signal(settings);
  }

  say(name: string | null, text: string, own = false): void {
    const line = { id: this.#nextLine++, name, text, own };
    this.chat.value = [...this.chat.value, line].slice(-linesKept);
  }

  /** @param now seconds. */
  heard(sound: SoundName, now: number): void {
    if (!this.settings.value.captions) return;
    const caption = this.#captions.of(sound, now);
    if (caption === undefined) return;
    this.caption.value = caption;
    this.#captionUntil = now + captionSeconds;
  }

  tick(now: number): void {
    if (this.second.value !== Math.floor(now)) this.second.value = Math.floor(now);
    if (this.caption.value !== null && now > this.#captionUntil) this.caption.value = null;
  }

  /** What the key is called that a player has chosen for this. */
  keyOf(action: Action): string {
    return keyName(this.bindings.value[action][0]!, this.printed.value);
  }

  toggle(panel: PanelName): void {
    this.panel.value = this.panel.value === panel ? null : panel;
  }
}
