/** A bot in an arena over the network, as a player's client: for journeys and tests of whole places. */
import { guestAccount } from "#client/account.ts";
import { join } from "#client/join.ts";
import type { JoinOptions } from "#client/join-options.ts";
import { memoryKeyStore } from "#client/key-store.ts";
import type { Room } from "#client/room.ts";
import { decide, fieldOf, nothing } from "../../../contracts/skirmish/bot.ts";
import { Fighter, Find, Gear, Ground, Push, Shot } from "../../../contracts/skirmish/components.ts";
import type { Move, Skirmish, View } from "../../../contracts/skirmish/terms.ts";
import { randomOf } from "./arena.ts";

export interface BotPlayer {
  readonly room: Room<View, Move>;
  stop(): void;
}

/** Thinks ten times a second. */
const thinkingMs = 100;

export async function playBot(
  url: string,
  place: Omit<JoinOptions, "account" | "components">,
  seed: number,
): Promise<BotPlayer> {
  const account = await guestAccount(memoryKeyStore());
  const room = await join<Skirmish>(url, {
    ...place,
    account,
    components: { Fighter, Find, Gear, Ground, Push, Shot },
  });
  const [fighters, finds, gear] = [room.entities(Fighter), room.entities(Find), room.entities(Gear)];
  const push = room.input(Push);
  const random = randomOf(seed);
  let before = nothing;
  const think = (): void => {
    const { view, seat } = room;
    if (view === null || seat === null) return;
    const { x, z, team, health, seat: seats } = fighters.columns;
    const lying = finds.columns;
    const [mine] = gear.mine;
    before = decide({
      seat,
      field: fieldOf(view),
      fighters: fighters.ids.map((id) => ({
        x: x[id]!,
        z: z[id]!,
        team: team[id]!,
        health: health[id]!,
        seat: seats[id]!,
      })),
      finds: finds.ids.map((id) => ({ x: lying.x[id]!, z: lying.z[id]!, kind: lying.kind[id]! })),
      clip: mine === undefined ? 0 : gear.columns.clip[mine]!,
      before,
      random,
    });
    push.set(before);
  };
  const timer = setInterval(think, thinkingMs);
  return {
    room,
    stop: () => {
      clearInterval(timer);
      room.close();
    },
  };
}
