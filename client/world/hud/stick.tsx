/** The stick for a thumb. Shown where a finger points; keys do the same. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { knobAt, stickPush, type StickPush } from "../input/stick.ts";

type Touch = PointerEvent & { readonly currentTarget: HTMLDivElement };

const radius = 60;
const still: StickPush = { right: 0, ahead: 0, run: false };

export function Stick({ onPush }: { readonly onPush: (push: StickPush) => void }): JSX.Element {
  const knob = useSignal({ x: 0, y: 0 });
  const pointer = useRef<number | null>(null);
  const from = (event: Touch): { readonly dx: number; readonly dy: number } => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    return { dx: event.clientX - left - width / 2, dy: event.clientY - top - height / 2 };
  };
  const push = (event: Touch): void => {
    const { dx, dy } = from(event);
    knob.value = knobAt(dx, dy, radius * 0.62);
    onPush(stickPush(dx, dy, radius));
  };
  const release = (): void => {
    pointer.current = null;
    knob.value = { x: 0, y: 0 };
    onPush(still);
  };
  return (
    <div
      class="stick"
      data-control="stick"
      aria-hidden="true"
      onPointerDown={(event) => {
        pointer.current = event.pointerId;
        event.currentTarget.setPointerCapture(event.pointerId);
        push(event);
      }}
      onPointerMove={(event) => {
        if (pointer.current === event.pointerId) push(event);
      }}
      onPointerUp={release}
      onPointerCancel={release}
    >
      <svg viewBox="-60 -60 120 120">
        <circle class="stick-base" r="58" />
        <path class="stick-marks" d="M0-46v8M0 46v-8M-46 0h8M46 0h-8" />
        <circle class="stick-knob" r="25" cx={knob.value.x} cy={knob.value.y} />
      </svg>
    </div>
  );
}
