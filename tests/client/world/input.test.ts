/** What a player does with keys and fingers: what it means, and which keys they have chosen for it. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Drag, wheelZoom } from "#world/input/drag.ts";
import { HeldKeys } from "#world/input/held.ts";
import {
  actions,
  bindingsOf,
  chosenFor,
  readKeys,
  refusalOf,
  usualKeys,
  withKey,
  type Chosen,
} from "#world/input/chosen.ts";
import { actionOf, actionWords, keyName, shortcutOf } from "#world/input/keys.ts";
import { readSigns, withSign } from "#world/input/printed.ts";
import { knobAt, stickPush } from "#world/input/stick.ts";
import { readSettings, usualSettings, writeSettings } from "#world/settings.ts";

const usualBindings = bindingsOf(usualKeys);

describe("keys", () => {
  test("each mean one thing, and all are in the help", () => {
    const codes = Object.values(usualBindings).flat();
    expect(new Set(codes).size).toBe(codes.length);
    for (const action of actions) {
      expect(actionWords[action]).not.toBe("");
      for (const code of usualBindings[action]) expect(actionOf(usualBindings, code)).toBe(action);
    }
    expect(actionOf(usualBindings, "KeyZ")).toBeUndefined();
  });

  test.for([
    ["KeyW", "W"],
    ["Digit1", "1"],
    ["ArrowUp", "↑"],
    ["ShiftLeft", "Shift"],
    ["NumpadAdd", "Keypad Add"],
    ["Slash", "/"],
    ["ShiftRight", "Right Shift"],
    ["BracketLeft", "["],
  ] as const)("%s is called %s", ([code, name]) => {
    expect(keyName(code)).toBe(name);
  });

  test("are called what this keyboard has printed on them", () => {
    const french = new Map([
      ["KeyW", "z"],
      ["Slash", "!"],
      ["Equal", "="],
      ["Minus", "ß"],
    ]);
    expect(["KeyW", "Slash", "Equal", "KeyE", "ArrowUp", "Minus"].map((code) => keyName(code, french))).toEqual([
      "Z",
      "!",
      "+",
      "E",
      "↑",
      "ß",
    ]);
  });

  test("are told to screen readers where a name of theirs is known to them", () => {
    expect(["K", "4", "é"].map(shortcutOf)).toEqual(["K", "4", "é"]);
    // A blank is between two shortcuts, and a plus between two keys of one.
    expect(["Right Shift", "+", "↑", ""].map(shortcutOf)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("wish while they are held, act once when pressed, and are let go together", () => {
    const keys = new HeldKeys(() => usualBindings);
    expect(keys.press("KeyW")).toBe("ahead");
    expect(keys.press("KeyW")).toBeUndefined();
    expect(keys.press("ArrowUp")).toBe("ahead");
    keys.press("KeyA");
    keys.press("ShiftLeft");
    expect(keys.wish).toEqual({ right: -1, ahead: 1, run: true, turn: 0 });
    keys.release("KeyW");
    expect(keys.wish.ahead).toBe(1);
    keys.releaseAll();
    expect(keys.wish).toEqual({ right: 0, ahead: 0, run: false, turn: 0 });
  });

  test("of two opposite ways mean neither", () => {
    const keys = new HeldKeys(() => usualBindings);
    for (const code of ["KeyW", "KeyS", "KeyQ", "KeyR"]) keys.press(code);
    expect(keys.wish).toEqual({ right: 0, ahead: 0, run: false, turn: 0 });
  });
});

describe("keys that a player chooses", () => {
  /** Whatever was chosen one after the other. */
  const chosen = fc
    .array(fc.tuple(fc.constantFrom(...actions), fc.constantFrom(...freeKeys())))
    .map((steps) => steps.reduce<Chosen>((keys, [action, code]) => withKey(keys, action, code), usualKeys));

  test("do what they were chosen for, and every doing keeps a key", () => {
    fc.assert(
      fc.property(chosen, fc.constantFrom(...actions), fc.constantFrom(...freeKeys()), (before, action, code) => {
        const bindings = bindingsOf(withKey(before, action, code));
        expect(actionOf(bindings, code)).toBe(action);
        const codes = Object.values(bindings).flat();
        expect(new Set(codes).size).toBe(codes.length);
        expect(actions.every((each) => bindings[each].length > 0)).toBe(true);
      }),
    );
  });

  test("are swapped with whose they were", () => {
    const keys = withKey(usualKeys, "ahead", "KeyI");
    expect([keys.ahead, keys.soul]).toEqual(["KeyI", "KeyW"]);
    expect(chosenFor(keys, "KeyW")).toBe("soul");
    expect(withKey(keys, "ahead", "KeyI")).toEqual(keys);
    expect(withKey(keys, "ahead", "KeyW")).toEqual(usualKeys);
  });

  test("may be a second one of something else, which goes on by its first", () => {
    const bindings = bindingsOf(withKey(usualKeys, "turn-left", "ArrowLeft"));
    expect(bindings["turn-left"]).toEqual(["ArrowLeft"]);
    expect(bindings.left).toEqual(["KeyA"]);
    expect(bindingsOf(usualKeys).left).toEqual(["KeyA", "ArrowLeft"]);
  });

  test.for(["Tab", "Escape", "Enter", "NumpadEnter", "ControlLeft", "MetaLeft", "F5", "CapsLock", "Unidentified", ""])(
    "are not %j, and a sentence says why",
    (code) => {
      expect(refusalOf(code)).toMatch(/cannot be chosen\.$/);
    },
  );

  test("come back as they were kept", () => {
    fc.assert(
      fc.property(chosen, (keys) => {
        expect(readSettings(writeSettings({ ...usualSettings, keys })).keys).toEqual(keys);
      }),
    );
    expect(readKeys({ dance: "KeyK" })).toEqual({ ...usualKeys, dance: "KeyK" });
  });

  test.for([
    ["one is that of something else", { ahead: "KeyS" }],
    ["one cannot be chosen", { ahead: "Tab" }],
    ["one is none", { ahead: 7 }],
    ["one is long", { ahead: "KeyW".repeat(1e6) }],
    ["there are none", null],
    ["it is a list", ["KeyW"]],
  ] as const)("are the usual ones, if of those that were kept %s", ([, kept]) => {
    expect(readKeys(kept)).toEqual(usualKeys);
  });

  test("are called what they showed when they were chosen, where the browser does not tell", () => {
    const pressed = (code: string, key: string, shiftKey = false) => ({ code, key, shiftKey }) as KeyboardEvent;
    expect(withSign({}, pressed("KeyW", "z"))).toEqual({ KeyW: "z" });
    for (const event of [pressed("Digit1", "!", true), pressed("Numpad1", "1"), pressed("KeyW", "Process")])
      expect(withSign({}, event)).toEqual({});
    expect(readSigns({ KeyW: "z", KeyQ: "long", Tab: "x", KeyE: 1 })).toEqual({ KeyW: "z" });
    expect([readSigns(null), readSigns("KeyW")]).toEqual([{}, {}]);
  });
});

/** Of letters, digits and some that have more to them. */
function freeKeys(): readonly string[] {
  const letters = Array.from({ length: 26 }, (_, i) => `Key${String.fromCharCode(65 + i)}`);
  return [
    ...letters,
    "Digit1",
    "Digit4",
    "Digit9",
    "Space",
    "Slash",
    "ArrowLeft",
    "ArrowUp",
    "ShiftRight",
    "NumpadAdd",
  ];
}

describe("fingers", () => {
  test.for([
    [0, 0, { right: 0, ahead: 0, run: false }],
    [5, -5, { right: 0, ahead: 0, run: false }],
    [0, -60, { right: 0, ahead: 1, run: true }],
    [600, 0, { right: 1, ahead: 0, run: true }],
  ] as const)("at %d, %d from a stick's middle", ([dx, dy, expected]) => {
    const push = stickPush(dx, dy, 60);
    expect(push.right).toBeCloseTo(expected.right);
    expect(push.ahead).toBeCloseTo(expected.ahead);
    expect(push.run).toBe(expected.run);
  });

  test("never push harder than one, nor draw the knob outside", () => {
    const offset = fc.double({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(offset, offset, (dx, dy) => {
        const { right, ahead } = stickPush(dx, dy, 60);
        expect(Math.hypot(right, ahead)).toBeLessThanOrEqual(1 + 1e-9);
        const { x, y } = knobAt(dx, dy, 40);
        expect(Math.hypot(x, y)).toBeLessThanOrEqual(40 + 1e-9);
      }),
    );
  });

  test("turn with one, zoom with two, and a third means nothing", () => {
    const drag = new Drag();
    expect(drag.move(1, 5, 5)).toBeUndefined();
    drag.press(1, 0, 0);
    expect(drag.move(1, 100, 0)).toMatchObject({ down: 0, zoom: 1 });
    drag.press(2, 200, 0);
    expect(drag.move(2, 300, 0)!.zoom).toBeLessThan(1);
    expect(drag.move(2, 150, 0)!.zoom).toBeGreaterThan(1);
    drag.press(3, 0, 0);
    expect(drag.move(3, 9, 9)).toBeUndefined();
    drag.release(1);
    expect(drag.move(2, 160, 0)).toMatchObject({ zoom: 1 });
  });

  test("on a wheel zoom a little, however far it is flung", () => {
    expect(wheelZoom(1e9)).toBeLessThan(3);
    expect(wheelZoom(-100)).toBeLessThan(1);
  });
});
