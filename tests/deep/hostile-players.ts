/** Two accounts that sit at a table of Dot4 together and send it whatever they like, through channels that are genuine. */
import type { RoomId } from "#protocol/identity.ts";
import { movesPendingMax } from "#protocol/limits.ts";
import { worldId } from "#protocol/manifest.ts";
import { guestAccount, memoryKeyStore, type Account, type Transport } from "#client/index.ts";
import { Insider } from "../adversary/insider.ts";
import type { SeededNumbers } from "./deep.ts";
import { hostileMove, lastWords } from "./hostile-moves.ts";
import { world } from "./worker-process.ts";

/** Visits to one table: a game in which both guess takes about as many. */
const visitsPerTable = 32;

export class HostilePlayers {
  readonly #makeRoom: () => Promise<RoomId>;
  #room: RoomId | undefined;
  #accounts: readonly Account[] = [];
  #visits = 0;

  constructor(makeRoom: () => Promise<RoomId>) {
    this.#makeRoom = makeRoom;
  }

  /** Both come in, make moves, wait for the answers, say something unforgivable and go. Returns how many frames they sent. */
  async visit(transport: Transport, numbers: SeededNumbers): Promise<number> {
    if (this.#visits++ % visitsPerTable === 0) {
      this.#room = await this.#makeRoom();
      this.#accounts = await Promise.all([guestAccount(memoryKeyStore()), guestAccount(memoryKeyStore())]);
    }
    const room = this.#room!;
    const players: { insider: Insider; next: number }[] = [];
    for (const account of this.#accounts) {
      const insider = await Insider.connect(transport, { room, account, world: worldId(world) });
      const { moves } = await insider.enter({ entropy: numbers.bytes(32) });
      players.push({ insider, next: moves + 1 });
    }
    let frames = 0;
    for (const player of players) frames += play(player, numbers);
    for (const { insider, next } of players) await insider.outcome(next - 1);
    for (const { insider, next } of players) {
      frames += lastWords(numbers, insider, next);
      insider.close();
    }
    return frames;
  }
}

function play(player: { readonly insider: Insider; next: number }, numbers: SeededNumbers): number {
  const moves = 1 + numbers.below(movesPendingMax - 1);
  for (let i = 0; i < moves; i++) {
    player.insider.say({ type: "move", n: player.next, move: hostileMove(numbers) });
    player.next += 1;
  }
  return moves;
}
