/** What was just said, over the head of who said it. For the eye alone: the chat log says it to everybody else. */
import type { Avatar, Surroundings } from "../port.ts";
import type { OnScreen } from "../worlds/world-scene.ts";
import { apart, type Standing } from "./apart.ts";

/** Seconds: long enough to read it. */
export const readingTime = (text: string): number => Math.min(9, 2.5 + text.length * 0.06);

const most = 6;

interface Bubble {
  readonly from: number;
  readonly element: HTMLElement;
  readonly until: number;
}

export class Bubbles {
  readonly #layer: HTMLElement;
  #bubbles: readonly Bubble[] = [];

  constructor(layer: HTMLElement) {
    this.#layer = layer;
  }

  /** @param now the world's seconds. */
  say(from: number, text: string, now: number): void {
    const element = document.createElement("p");
    element.className = "bubble";
    element.textContent = text;
    element.hidden = true;
    this.#layer.append(element);
    const others = this.#bubbles.filter((bubble) => bubble.from !== from).slice(1 - most);
    for (const bubble of this.#bubbles) if (!others.includes(bubble)) bubble.element.remove();
    this.#bubbles = [...others, { from, element, until: now + readingTime(text) }];
  }

  draw(world: Surroundings, where: (avatar: Avatar) => OnScreen | null): void {
    const shown: (Standing & { readonly element: HTMLElement })[] = [];
    for (const { from, element } of this.#bubbles) {
      const avatar = world.avatars.get(from);
      const at = avatar === undefined ? null : where(avatar);
      element.hidden = at === null || at.far > 24;
      if (at !== null && !element.hidden) shown.push({ ...this.#over(at, element), element });
    }
    const edges = apart(shown);
    for (const [i, { element, x }] of shown.entries())
      element.style.transform = `translate(${x}px, ${edges[i]}px) translate(-50%, -100%)`;
    const over = this.#bubbles.filter(({ until }) => world.time > until);
    if (over.length === 0) return;
    for (const { element } of over) element.remove();
    this.#bubbles = this.#bubbles.filter((bubble) => !over.includes(bubble));
  }

  /** Over a head, and whole in the picture. */
  #over({ x, y }: OnScreen, { offsetWidth: width, offsetHeight: height }: HTMLElement): Standing {
    const { clientWidth, clientHeight } = this.#layer;
    const half = width / 2 + 8;
    return {
      x: Math.round(Math.max(half, Math.min(clientWidth - half, x * clientWidth))),
      y: Math.round(y * clientHeight),
      width,
      height,
    };
  }
}
