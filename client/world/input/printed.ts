/** What this keyboard has printed on its keys: codes name places, and where a W is on one keyboard, another has a Z. */
import type { Printed } from "./keys.ts";

interface Keyboard {
  getLayoutMap(): Promise<Printed>;
}

/** Empty where the browser does not tell. */
export async function printedKeys(): Promise<Printed> {
  const { keyboard } = navigator as { readonly keyboard?: Keyboard };
  return (await keyboard?.getLayoutMap().catch(() => undefined)) ?? new Map();
}

/** What was printed on keys that were chosen, by their codes: some browsers tell it only when a key is pressed. */
export type Signs = Readonly<Record<string, string>>;

/** Keys that write what is printed on them. */
const writing =
  /^(Key[A-Z]|Digit\d|Intl(Backslash|Ro|Yen)|Bracket(Left|Right)|Minus|Equal|Backslash|Semicolon|Quote|Comma|Period|Slash|Backquote)$/;

const isSign = (code: string, sign: unknown): sign is string =>
  writing.test(code) && typeof sign === "string" && sign.length === 1;

/** With what the pressed key shows, if it does. */
export const withSign = (signs: Signs, { code, key, shiftKey }: KeyboardEvent): Signs =>
  !shiftKey && isSign(code, key) ? { ...signs, [code]: key } : signs;

/** Whatever was kept, what comes out are signs of keys. */
export const readSigns = (kept: unknown): Signs =>
  typeof kept !== "object" || kept === null
    ? {}
    : Object.fromEntries(
        Object.entries(kept).filter((entry): entry is [string, string] => isSign(...(entry as [string, unknown]))),
      );
