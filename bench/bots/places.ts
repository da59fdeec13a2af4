/** Where bots can play, by what they were told about it. Loads only what that one system needs. */
import type { Environment } from "../../client/sdk/environment.ts";
import type { Place } from "./player.ts";

export type SystemName = "phatroom" | "colyseus" | "boardgame.io";

export interface Address {
  readonly system: SystemName;
  readonly url: string;
  /** Hash of the contract; for systems that have one. */
  readonly contract?: string;
}

/** @param environment for our own client, if not the real one. */
export async function placeAt({ system, url, contract = "" }: Address, environment?: Environment): Promise<Place> {
  switch (system) {
    case "phatroom":
      return (await import("../ours/place.ts")).ourPlace(url, contract, environment);
    case "colyseus":
      return (await import("../peers/colyseus/place.ts")).colyseusPlace(url);
    case "boardgame.io":
      return (await import("../peers/boardgame-io/place.ts")).boardgameIoPlace(url);
  }
}
