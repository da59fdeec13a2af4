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
