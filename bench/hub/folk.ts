/** The process with everybody who lives in the hub: they come in, walk about, talk, dig, grow a Shell, leave and come back. */
import { guestAccount } from "../../client/sdk/account.ts";
import { type Environment, realEnvironment } from "../../client/sdk/environment.ts";
import { ClientError } from "../../client/sdk/errors.ts";
import { joinIn } from "../../client/sdk/join.ts";
import { memoryKeyStore } from "../../client/sdk/key-store.ts";
import type { Room } from "../../client/sdk/room.ts";
import { developmentPolicy } from "../../server/attestation/policy.ts";
import { sodiumSuite } from "../../server/enclave/channel/suite.ts";
import { hexToBytes } from "../../server/protocol/bytes.ts";
import type { RoomId } from "../../server/protocol/identity.ts";
import { worldId } from "../../server/protocol/manifest.ts";
import { pushMax } from "../../contracts/phala-world/codes.ts";
import { Body, Look, Push, Treasure } from "../../contracts/phala-world/components.ts";
import type { Move, phalaWorld, View } from "../../contracts/phala-world/phala-world.ts";
import { world } from "../ours/world.ts";
import { answer, report } from "../processes/child.ts";

export interface HubAddress {
  readonly url: string;
  readonly room: string;
  /** The contract hash, 64 hex digits. */
  readonly contract: string;
  readonly players: number;
}

export interface Lived {
  readonly accepted: number;
  readonly refused: number;
  readonly heard: number;
  readonly found: number;
  readonly comings: number;
  /** Attempts to come in that failed and were made again. */
  readonly failed: number;
}

/** Joining at once. */
const joiningMax = 8;

/** Between two things that somebody does, in ms. */
const pauseMs = { least: 400, most: 2400 };

const attemptsMax = 3;

const race = "spectre";
const wish = { race: "xgene", career: "monk" } as const;

let lived = { accepted: 0, refused: 0, heard: 0, found: 0, comings: 0, failed: 0 };
let living = true;

const below = (end: number): number => Math.floor(Math.random() * end);

/** One player, through as many visits as there is time for. */
class Dweller {
  readonly #join: () => Promise<Room<View, Move>>;
  readonly #name: string;
  #room: Room<View, Move> | undefined;

  constructor(name: string, join: () => Promise<Room<View, Move>>) {
    this.#name = name;
    this.#join = join;
  }

  async enter(): Promise<void> {
    const room = (this.#room = await this.#joined());
    lived.comings += 1;
    room.on("message", () => (lived.heard += 1));
    room.on("award", () => (lived.found += 1));
    await this.#do({ do: "enter", name: this.#name, race, coat: below(8), light: below(6) });
  }

  /** As a person would: once more after a moment, if they are told that it may go well then. */
  async #joined(): Promise<Room<View, Move>> {
    for (let left = attemptsMax; ; left--) {
      try {
        return await this.#join();
      } catch (error) {
        if (left === 1 || !(error instanceof ClientError) || !error.retry) throw error;
        lived.failed += 1;
        await new Promise((resolve) => setTimeout(resolve, pauseMs.least));
      }
    }
  }

  /** Until nobody lives any more. */
  async live(): Promise<void> {
    while (living) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs.least + below(pauseMs.most - pauseMs.least)));
      // A visit takes some minutes.
      if (below(150) === 0) {
        await this.#room!.leave();
        await this.enter();
      } else if (living) {
        if (below(20) < 11) this.#walk();
        else await this.#do(this.#next());
      }
    }
    this.#room?.close();
  }

  async #do(move: Move): Promise<void> {
    const { accepted } = await this.#room!.move(move);
    lived[accepted ? "accepted" : "refused"] += 1;
  }

  /** Another way than before, or a stop. */
  #walk(): void {
    const across = (): number => (below(3) - 1) * pushMax;
    this.#room!.input(Push).set({ x: across(), z: across(), run: below(2) });
  }

  #next(): Move {
    const chance = 11 + below(9);
    if (chance < 14) return { do: "say", text: `${this.#name} says a word or two` };
    if (chance < 16) return { do: "dig" };
    if (chance === 16) return { do: "emote", emote: "wave" };
    return this.#grow();
  }

  /** The next thing of the loop. */
  #grow(): Move {
    const mine = this.#room!.view?.mine;
    if (mine?.spirit !== true) return { do: "claim-spirit" };
    const [shell] = mine.shells;
    if (shell !== undefined && mine.seenIn === null) return { do: "become", shell: shell.id };
    const [origin] = mine.origins;
    if (origin === undefined) return { do: "buy-origin", rarity: "prime", ...wish };
    if (origin.hatchesAt === null) return { do: "incubate", origin: origin.id };
    return this.#room!.view!.era >= origin.hatchesAt
      ? { do: "hatch", origin: origin.id }
      : { do: "feed", origin: origin.id };
  }
}

let dwellers: Dweller[] = [];

answer({
  async enter({ url, room, contract, players }: HubAddress) {
    const real = realEnvironment();
    const environment: Environment = { ...real, suite: await sodiumSuite() };
    const terms = {
      room: room as RoomId,
      world: worldId(world),
      contract: hexToBytes(contract),
      policy: developmentPolicy,
      components: { Body, Look, Push, Treasure },
    };
    let next = 0;
    const come = async (): Promise<void> => {
      while (next < players) {
        const name = `Bot ${next++}`;
        const account = await guestAccount(memoryKeyStore());
        const join = (): Promise<Room<View, Move>> =>
          joinIn<typeof phalaWorld>(environment, url, { ...terms, account, name });
        const dweller = new Dweller(name, join);
        await dweller.enter();
        dwellers.push(dweller);
        if (dwellers.length % 20 === 0) report(`${dwellers.length} of ${players} have come`);
      }
    };
    await Promise.all(Array.from({ length: joiningMax }, come));
  },

  live() {
    for (const dweller of dwellers) void dweller.live();
  },

  /** Since this was last asked. */
  lived() {
    const now = lived;
    lived = { accepted: 0, refused: 0, heard: 0, found: 0, comings: 0, failed: 0 };
    return now;
  },

  end() {
    living = false;
    dwellers = [];
  },
});
