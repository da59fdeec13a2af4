/** What keys do, and what they are called. */

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
  capital(printed.get(code)) ??
  keyNames[code] ??
  code
    .replace(/^Key|^Digit/, "")
    .replace(/^Numpad/, "Keypad ")
    .replace(/(Left|Right)$/, "");

/** A key's name for `aria-keyshortcuts`, which knows other names than people do for all but letters and digits. */
export const shortcutOf = (name: string): string | undefined => (/^[\p{L}\p{N}]$/u.test(name) ? name : undefined);

/** As on the key; what has no capital stays: ß would be SS. */
function capital(sign: string | undefined): string | undefined {
  const large = sign?.toUpperCase();
  return large?.length === sign?.length ? large : sign;
}

/** Of keys that print two things: the one that says more. */
const signs: { readonly [printed: string]: string } = { "=": "+", "-": "−" };

const keyNames: { readonly [code: string]: string } = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  ShiftRight: "Right Shift",
  PageUp: "Page up",
  PageDown: "Page down",
  BracketLeft: "[",
  BracketRight: "]",
  Backslash: "\\",
  IntlBackslash: "<",
  Semicolon: ";",
  Quote: "'",
  Comma: ",",
  Period: ".",
  Backquote: "`",
  Slash: "/",
  Equal: "+",
  Minus: "−",
};
