/** Which key a player has chosen for each doing. Pure. */
import type { Action, Bindings } from "./keys.ts";

/** For each doing a key that is no other's. */
export type Chosen = Readonly<Record<Action, string>>;

export const usualKeys: Chosen = {
  ahead: "KeyW",
  back: "KeyS",
  left: "KeyA",
  right: "KeyD",
  run: "ShiftLeft",
  "turn-left": "KeyQ",
  "turn-right": "KeyR",
  nearer: "Equal",
  farther: "Minus",
  view: "KeyV",
  act: "KeyE",
  soul: "KeyI",
  talk: "Slash",
  looks: "KeyL",
  people: "KeyP",
  settings: "KeyO",
  help: "KeyH",
  wave: "Digit1",
  dance: "Digit2",
  cheer: "Digit3",
  sit: "Digit4",
};

export const actions = Object.keys(usualKeys) as readonly Action[];

/** They do the same, as long as nobody has chosen them for something else. */
const seconds: { readonly [action in Action]?: readonly string[] } = {
  ahead: ["ArrowUp"],
  back: ["ArrowDown"],
  left: ["ArrowLeft"],
  right: ["ArrowRight"],
  run: ["ShiftRight"],
  nearer: ["NumpadAdd"],
  farther: ["NumpadSubtract"],
  talk: ["Enter"],
  help: ["F1"],
};

export function bindingsOf(chosen: Chosen): Bindings {
  const taken = new Set(Object.values(chosen));
  const codes = (action: Action): readonly string[] => [
    chosen[action],
    ...(seconds[action] ?? []).filter((code) => !taken.has(code)),
  ];
  return Object.fromEntries(actions.map((action) => [action, codes(action)])) as Record<Action, readonly string[]>;
}

/** What has a name of its own on every keyboard, and no meaning to browsers and systems. */
const free =
  /^(Key[A-Z]|Digit\d|Numpad(\d|Add|Subtract|Multiply|Divide|Decimal)|Arrow(Up|Down|Left|Right)|Shift(Left|Right)|Bracket(Left|Right)|Intl(Backslash|Ro|Yen)|Space|Minus|Equal|Backslash|Semicolon|Quote|Comma|Period|Slash|Backquote|Home|End|PageUp|PageDown|Insert|Delete|Backspace)$/;

/** Why a key cannot be chosen, in a sentence. */
export function refusalOf(code: string): string | undefined {
  if (free.test(code)) return undefined;
  switch (code) {
    case "Tab":
      return "Tab goes from button to button, so it cannot be chosen.";
    case "Escape":
      return "Escape closes what is open, so it cannot be chosen.";
    case "Enter":
    case "NumpadEnter":
      return "Enter presses buttons and begins to talk, so it cannot be chosen.";
    default:
      return "That key belongs to the browser or the system, so it cannot be chosen.";
  }
}

/** Whose key it is. */
export const chosenFor = (chosen: Chosen, code: string): Action | undefined =>
  actions.find((action) => chosen[action] === code);

/** With this key for this doing. Whose it was until now has the other one. */
export function withKey(chosen: Chosen, action: Action, code: string): Chosen {
  const before = chosenFor(chosen, code);
  return { ...chosen, ...(before === undefined ? {} : { [before]: chosen[action] }), [action]: code };
}

/** Whatever was kept, what comes out is a key for each doing: the usual ones, if anything is wrong with it. */
export function readKeys(kept: unknown): Chosen {
  if (typeof kept !== "object" || kept === null) return usualKeys;
  const chosen = Object.fromEntries(
    actions.map((action) => [action, (kept as { readonly [action in Action]?: unknown })[action] ?? usualKeys[action]]),
  );
  const codes = Object.values(chosen);
  const good = codes.every((code) => typeof code === "string" && free.test(code));
  return good && new Set(codes).size === codes.length ? (chosen as Chosen) : usualKeys;
}
