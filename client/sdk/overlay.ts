/**
 * How the line is, as text in a corner of the page: for whoever makes the page, or a player who wonders. Off unless a page
 * calls it. The top left one, unless the page's style says another `--figures-inset`, as CSS's `inset`.
 */
import type { Input } from "./input/input.ts";
import type { Room, RoomFigures } from "./room.ts";

export interface OverlayOptions {
  /** What the player pushes, for its rows and predictions. */
  readonly input?: Pick<Input, "figures" | "prediction">;
  /** Where it is put; default the document's body. */
  readonly parent?: HTMLElement;
}

/** Times a second that it is brought up to date. */
const hz = 4;

/** Shows it. Returns how to take it away. */
export function showOverlay(
  room: Pick<Room, "tickNow" | "figures" | "hz" | "connection">,
  { input, parent = document.body }: OverlayOptions = {},
): () => void {
  const box = document.createElement("aside");
  box.setAttribute("aria-label", "Connection figures");
  box.style.cssText =
    "position:fixed;inset:var(--figures-inset,8px auto auto 8px);z-index:2147483647;padding:6px 10px;border-radius:6px;" +
    "box-sizing:border-box;max-width:calc(100vw - 16px);pointer-events:none;white-space:pre-wrap;" +
    "background:rgb(0 0 0 / .72);color:#e6f4ea;font:12px/1.5 ui-monospace,monospace";
  parent.append(box);
  let last = { at: performance.now(), figures: room.figures };
  const write = (): void => {
    const now = { at: performance.now(), figures: room.figures };
    const seconds = Math.max(0.001, (now.at - last.at) / 1000);
    box.textContent = [
      `tick ${Math.floor(room.tickNow())} at ${room.hz} Hz, ${room.connection}`,
      ...lineText(last.figures, now.figures, seconds),
      ...inputText(input),
    ].join("\n");
    last = now;
  };
  write();
  const timer = setInterval(write, 1000 / hz);
  return () => {
    clearInterval(timer);
    box.remove();
  };
}

function lineText(before: RoomFigures, { roundTripMs, drawnBehindMs, received, sent }: RoomFigures, seconds: number) {
  const rate = (bytes: number): string => `${(bytes / seconds / 1024).toFixed(1)} KB/s`;
  return [
    `ping ${roundTripMs === undefined ? "not yet known" : `${Math.round(roundTripMs)} ms`}`,
    `in ${rate(received.bytes - before.received.bytes)}, out ${rate(sent.bytes - before.sent.bytes)}`,
    ...(drawnBehindMs === undefined ? [] : [`others ${Math.round(drawnBehindMs)} ms behind`]),
  ];
}

function inputText(input: OverlayOptions["input"]): string[] {
  if (input === undefined) return [];
  const { sent, applied, ahead, missed } = input.figures;
  const rows = `rows ${sent}, ${sent - applied} on their way, ${ahead.toFixed(1)} ticks early, ${missed} missed`;
  if (input.prediction === undefined) return [rows];
  const { active, errors } = input.prediction;
  const { last, mean, max, corrections } = errors;
  const figures = [last, mean, max].map((error) => error.toFixed(3)).join(" / ");
  return [rows, active ? `off by ${figures} (last / mean / most), ${corrections} corrections` : "nothing is predicted"];
}
