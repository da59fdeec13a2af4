/** Players on plain Colyseus, by its own SDK. */
import { Client, type Room } from "@colyseus/sdk";
import type { Board, Cell, Move, Seat, View } from "../../../contracts/dot4/dot4.ts";
import type { Place, Player, Progress } from "../../bots/player.ts";
import type { Dot4State } from "./state.ts";

type Dot4 = Room<{ state: Dot4State }, Dot4State>;

/** @param url of the server; `http:`. */
export function colyseusPlace(url: string): Place {
  const client = new Client(url);
  return {
    async open(name) {
      const room = (await client.create("dot4", { name })) as Dot4;
      return { room: room.roomId, player: await playerIn(room) };
    },
    async join(room, name, want = "play") {
      return playerIn((await client.joinById(room, want === "watch" ? { watch: true } : { name })) as Dot4);
    },
  };
}

/** Resolves with the first state. */
async function playerIn(room: Dot4): Promise<Player> {
  room.reconnection.enabled = false;
  room.onMessage("*", () => undefined);
  await new Promise<void>((resolve) => room.onStateChange.once(() => resolve()));
  return new ColyseusPlayer(room);
}

class ColyseusPlayer implements Player {
  readonly #room: Dot4;

  constructor(room: Dot4) {
    this.#room = room;
  }

  get #own(): { readonly seat: number; readonly bombs: readonly number[] } | undefined {
    const { seats } = this.#room.state;
    const seat = seats.findIndex(({ client }) => client === this.#room.sessionId);
    return seat === -1 ? undefined : { seat, bombs: [...(seats[seat]?.bombs ?? [])] };
  }

  get seat(): number | null {
    return this.#own?.seat ?? null;
  }

  get progress(): Progress {
    const { phase, turn, drops } = this.#room.state;
    return { phase: phase as View["phase"], turn: turn === -1 ? null : (turn as Seat), drops };
  }

  get board(): Board {
    return [...this.#room.state.board].map((stone) => (stone === -1 ? null : stone)) as Board;
  }

  get bombs(): readonly Cell[] {
    const numbers = this.#own?.bombs ?? [];
    return numbers.flatMap((x, i) => (i % 2 === 0 ? [[x, numbers[i + 1]!] as const] : []));
  }

  onProgress(listener: () => void): void {
    this.#room.onStateChange(listener);
  }

  move(move: Move): void {
    this.#room.send("move", move);
  }

  close(): void {
    void this.#room.leave();
  }
}
