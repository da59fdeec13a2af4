/** Players of ours, by the client SDK: every one of them verifies the worker before it says who it is. */
import { guestAccount } from "../../client/sdk/account.ts";
import { type Environment, realEnvironment } from "../../client/sdk/environment.ts";
import { joinIn } from "../../client/sdk/join.ts";
import { memoryKeyStore } from "../../client/sdk/key-store.ts";
import { createRoom } from "../../client/sdk/lobby.ts";
import type { Room } from "../../client/sdk/room.ts";
import { developmentPolicy } from "../../server/attestation/policy.ts";
import { hexToBytes } from "../../server/protocol/bytes.ts";
import type { RoomId } from "../../server/protocol/identity.ts";
import { worldId } from "../../server/protocol/manifest.ts";
import type { Board, Cell, dot4, Move, View } from "../../contracts/dot4/dot4.ts";
import type { Place, Player, Progress } from "../bots/player.ts";
import { DroppingTransport } from "./dropping-transport.ts";
import { world } from "./world.ts";

export interface OurPlayer extends Player {
  /** Loses the line and comes back at once. Resolves with the ms from dialling to the view. @throws if it had to verify anew. */
  resume(): Promise<number>;
}

export interface OurPlace extends Place {
  open(name: string): Promise<{ readonly room: string; readonly player: OurPlayer }>;
  join(room: string, name: string, want?: "play" | "watch"): Promise<OurPlayer>;
}

/**
 * @param url of the gateway; `http:`.
 * @param contract hash, 64 hex digits.
 */
export function ourPlace(url: string, contract: string, environment: Environment = realEnvironment()): OurPlace {
  const worldBytes = worldId(world);
  const contractBytes = hexToBytes(contract);
  const join: OurPlace["join"] = async (room, name, want = "play") => {
    const transport = new DroppingTransport(url);
    const joined = await joinIn<typeof dot4>(environment, url, {
      room: room as RoomId,
      world: worldBytes,
      contract: contractBytes,
      policy: developmentPolicy,
      account: await guestAccount(memoryKeyStore()),
      want,
      name,
      transport,
    });
    return new SdkPlayer(joined, transport);
  };
  return {
    join,
    async open(name) {
      const room = await createRoom(url, { contract: "dot4" });
      return { room, player: await join(room, name) };
    },
  };
}

class SdkPlayer implements OurPlayer {
  readonly #room: Room<View, Move>;
  readonly #transport: DroppingTransport;

  constructor(room: Room<View, Move>, transport: DroppingTransport) {
    this.#room = room;
    this.#transport = transport;
  }

  get #view(): View {
    if (this.#room.view === null) throw new Error("the room shows nothing");
    return this.#room.view;
  }

  get seat(): number | null {
    return this.#room.seat;
  }

  get progress(): Progress {
    return this.#view;
  }

  get board(): Board {
    return this.#view.board;
  }

  get bombs(): readonly Cell[] {
    return this.#view.bombs;
  }

  onProgress(listener: () => void): void {
    this.#room.on("view", listener);
  }

  move(move: Move): void {
    void this.#room.move(move);
  }

  close(): void {
    this.#room.close();
  }

  resume(): Promise<number> {
    return new Promise((resolve, reject) => {
      const stops = [
        this.#room.on("shield", () => reject(new Error("the channel was not resumed but verified anew"))),
        this.#room.on("closed", reject),
        this.#room.on("connection", (next) => {
          if (next !== "joined") return;
          // What the room said first is applied before anybody else has a turn.
          queueMicrotask(() => {
            for (const stop of stops) stop();
            if (this.#room.view !== null) resolve(performance.now() - this.#transport.dialledAt);
            else reject(new Error("the room shows nothing after a resumption"));
          });
        }),
      ];
      this.#transport.drop();
      this.#room.retryNow();
    });
  }
}
