/** What keys do: one table, which also prints the help. */

export type Action =
  | "ahead"
  | "back"
  | "left"
  | "right"
  | "run"
  | "turn-left"
  | "turn-right"
  | "nearer"
  | "farther"
  | "view"
  | "act"
  | "soul"
  | "talk"
  | "looks"
  | "people"
  | "settings"
  | "help"
  | "wave"
  | "dance"
  | "cheer"
  | "sit";

/** Codes of KeyboardEvent: places on the keyboard, whatever is printed there. */
export type Bindings = Readonly<Record<Action, readonly string[]>>;

export const usualBindings: Bindings = {
  ahead: ["KeyW", "ArrowUp"],
  back: ["KeyS", "ArrowDown"],
  left: ["KeyA", "ArrowLeft"],
  right: ["KeyD", "ArrowRight"],
  run: ["ShiftLeft", "ShiftRight"],
  "turn-left": ["KeyQ"],
  "turn-right": ["KeyR"],
  nearer: ["Equal", "NumpadAdd"],
  farther: ["Minus", "NumpadSubtract"],
  view: ["KeyV"],
  act: ["KeyE"],
  soul: ["KeyI"],
  talk: ["Enter", "Slash"],
  looks: ["KeyL"],
  people: ["KeyP"],
  settings: ["KeyO"],
  help: ["KeyH", "F1"],
  wave: ["Digit1"],
  dance: ["Digit2"],
  cheer: ["Digit3"],
  sit: ["Digit4"],
};

export const actionWords: Record<Action, string> = {
  ahead: "Walk ahead",
  back: "Walk back",
  left: "Walk left",
  right: "Walk right",
  run: "Run, while held",
  "turn-left": "Look left",
  "turn-right": "Look right",
  nearer: "Camera nearer",
  farther: "Camera farther",
  view: "First or third person",
  act: "Step through a gate, or dig",
  soul: "Spirit and Shell",
  talk: "Talk",
  looks: "Looks",
  people: "People here",
  settings: "Settings",
  help: "Help",
  wave: "Wave",
  dance: "Dance",
  cheer: "Cheer",
  sit: "Sit",
};

export const actionOf = (bindings: Bindings, code: string): Action | undefined =>
  (Object.keys(bindings) as Action[]).find((action) => bindings[action].includes(code));

/** What is printed on keys, by their codes. */
export type Printed = ReadonlyMap<string, string>;

const nothingKnown: Printed = new Map();

/** "KeyW" is W, or what is printed there; "ArrowUp" is an arrow. */
export const keyName = (code: string, printed: Printed = nothingKnown): string =>
  signs[printed.get(code) ?? ""] ??
  printed.get(code)?.toUpperCase() ??
  keyNames[code] ??
  code
    .replace(/^Key|^Digit/, "")
    .replace(/^Numpad/, "Keypad ")
    .replace(/(Left|Right)$/, "");

/** Of keys that print two things: the one that says more. */
const signs: { readonly [printed: string]: string } = { "=": "+", "-": "−" };

const keyNames: { readonly [code: string]: string } = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Slash: "/",
  Equal: "+",
  Minus: "−",
};
