/** Keyboard, mouse and fingers of a page, as actions and a wish. The only place that listens to them. */
import { Drag, wheelZoom, type LookChange } from "./input/drag.ts";
import { HeldKeys, type Wish } from "./input/held.ts";
import type { Action, Bindings } from "./input/keys.ts";
import type { StickPush } from "./input/stick.ts";

export interface ControlsOptions {
  readonly page: Window;
  readonly canvas: HTMLElement;
  /** What keys mean just now. */
  readonly bindings: () => Bindings;
  /** Keys mean something only while one is inside and nothing is open. */
  readonly active: () => boolean;
  readonly onAction: (action: Action) => void;
  readonly onLook: (change: LookChange) => void;
  /** The wish to move has changed. */
  readonly onWish: () => void;
}

export class Controls {
  readonly #keys: HeldKeys;
  #stick: StickPush = { right: 0, ahead: 0, run: false };

  constructor({ page, canvas, bindings, active, onAction, onLook, onWish }: ControlsOptions) {
    this.#keys = new HeldKeys(bindings);
    page.addEventListener("keydown", (event) => {
      if (!active() || event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return;
      const action = this.#keys.press(event.code);
      if (action === undefined) return;
      // An arrow would scroll, a letter would land in the chat that it opens.
      event.preventDefault();
      canvas.removeAttribute("data-framed");
      onAction(action);
      onWish();
    });
    // Whoever comes here by Tab is shown where they are, until they walk: then they see it.
    let byTab = false;
    page.addEventListener("keydown", ({ key }) => (byTab = key === "Tab"), { capture: true });
    page.addEventListener("pointerdown", () => (byTab = false), { capture: true });
    canvas.addEventListener("focus", () => canvas.toggleAttribute("data-framed", byTab));
    canvas.addEventListener("blur", () => canvas.removeAttribute("data-framed"));
    page.addEventListener("keyup", (event) => {
      this.#keys.release(event.code);
      onWish();
    });
    page.addEventListener("blur", () => {
      this.#keys.releaseAll();
      onWish();
    });
    // A button that a pointer has pressed does not keep the keys: they walk on, and Enter talks.
    page.addEventListener(
      "click",
      ({ detail, target }) => {
        const pressed = target instanceof Element && target.closest("button") !== null;
        if (detail > 0 && pressed && active()) canvas.focus();
      },
      { capture: true },
    );
    const drag = new Drag();
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      drag.press(event.pointerId, event.clientX, event.clientY);
    });
    canvas.addEventListener("pointermove", (event) => {
      const change = drag.move(event.pointerId, event.clientX, event.clientY);
      if (change !== undefined) onLook(change);
    });
    for (const end of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(end, (event) => drag.release(event.pointerId));
    }
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        onLook({ right: 0, down: 0, zoom: wheelZoom(event.deltaY) });
      },
      { passive: false },
    );
  }

  push(stick: StickPush): void {
    this.#stick = stick;
  }

  /** When something opens, what was held is let go. */
  release(): void {
    this.#keys.releaseAll();
  }

  get wish(): Wish {
    const { right, ahead, run, turn } = this.#keys.wish;
    return { right: right + this.#stick.right, ahead: ahead + this.#stick.ahead, run: run || this.#stick.run, turn };
  }
}

/** Whether the key belongs to what has the focus: a field, or a button that Enter presses. */
function isTyping({ target, code }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select") !== null)
    return true;
  const presses = code === "Enter" || code === "Space" || code === "NumpadEnter";
  return target.closest("button, a, input") !== null && (presses || code.startsWith("Arrow"));
}
