/** Which bots play a contract. */
import type { InputFormat } from "#protocol/input-row.ts";
import type { Bots } from "./bot.ts";
import { dot4Bots } from "./dot4.ts";
import { randomRow } from "./random-row.ts";
import { skirmishBots } from "./skirmish.ts";

const known: { readonly [contract: string]: Bots } = { dot4: dot4Bots, skirmish: skirmishBots };

/** @param input of a contract whose manifest was given; it goes before what is known by name. */
export function botsOf(contract: string, input: InputFormat | undefined): Bots {
  if (input !== undefined) return { does: "push", input, begin: (chance) => () => randomRow(input, chance) };
  return Object.hasOwn(known, contract) ? known[contract]! : { does: "ping" };
}
