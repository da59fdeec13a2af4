/** What a contract has caused that concerns others: players, and those outside. */
import type { Arrival, Effect } from "#contract/abi.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { OutsideRequest } from "#protocol/request.ts";
import type { Value } from "#protocol/value.ts";
import type { Consumption } from "./consuming.ts";
import type { Saving } from "./kept.ts";

/** Something the contract told somebody, gave somebody, or asked somebody outside. */
export type Happening =
  | { readonly happening: "sent"; readonly to: SendTarget; readonly message: Value }
  | ({ readonly happening: "awarded" } & ItemAward)
  | ({ readonly happening: "consuming" } & Consumption)
  | { readonly happening: "asked"; readonly id: string; readonly request: OutsideRequest }
  /** A player is let through to another room; or back to where they came from, with what came of this one. */
  | ({ readonly happening: "travelled"; readonly player: string } & Passage)
  /** Something goes on its way to be kept. */
  | ({ readonly happening: "kept" } & Saving)
  /** For the world's moderator. */
  | { readonly happening: "reported"; readonly report: Value };

/** Where somebody is let through to, and with what; `moment` tells it from others to the same room. */
export interface Passage {
  readonly to: { readonly room: string; readonly contract: string };
  readonly moment: number | "end";
  readonly payload: Value;
  readonly back: Arrival["back"];
}

type SendTarget = Extract<Effect, { effect: "send" }>["to"];

/** What a player was given; of the items among it `awardOf` makes vouchers. */
export interface ItemAward {
  readonly player: PlayerId;
  readonly item: Value;
  readonly once: string;
}
