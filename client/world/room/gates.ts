/** Through a gate: a room behind it is found, the hub lets one through, and the page of that room opens. */
import { ClientError } from "#client/errors.ts";
import { createRoom, listRooms, quickMatch } from "#client/lobby.ts";
import { fullestOf } from "#kit/fullest.ts";
import type { Tickets } from "#kit/tickets.ts";
import { pageBeside } from "#kit/wish.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { Clock } from "../wish.ts";
import type { Visit } from "./visit.ts";

/** Which page and which rules lie behind each gate. */
const behind: { readonly [gate: string]: { readonly page: string; readonly contract: string } } = {
  dot4: { page: "../dot4/", contract: "dot4" },
  skirmish: { page: "../skirmish/", contract: "skirmish" },
  wilds: { page: "./", contract: "phala-world" },
};

export interface GatesOptions {
  /** The place's address. */
  readonly url: string;
  /** This page's. */
  readonly page: string;
  readonly visit: Visit;
  /** Keep what the hub hands out. */
  readonly tickets: Tickets;
  /** Of a hub that has to be made. */
  readonly clock: Clock;
  /** Opens a page. */
  readonly open: (address: string) => void;
}

/** How long the hub may take to let somebody through. */
const patienceMs = 30_000;

/** @returns why one stays here, in a sentence; or nothing, when the page goes. */
export async function goThrough(gate: string, options: GatesOptions): Promise<string | undefined> {
  const { visit, tickets, open } = options;
  const target = behind[gate];
  const here = visit.room;
  if (target === undefined || here === null) return "This gate leads nowhere yet.";
  try {
    const room = await roomBehind(target.contract, here.room as RoomId, options);
    const handed = new Promise<boolean>((resolve) => {
      here.on("ticket", (entry) => {
        if (entry.room === room) resolve(true);
      });
      setTimeout(() => resolve(false), patienceMs);
    });
    if (!(await visit.ask({ do: "travel", room }))) return visit.refusal.value ?? "The gate does not open.";
    if (!(await handed)) return "The gate did not open. Try again.";
    tickets.comeFrom(here.room as RoomId);
    // Others see one go; what is kept comes along.
    await here.leave();
    open(pageBeside(options.page, target.page, room));
    return undefined;
  } catch (error) {
    return error instanceof ClientError ? error.sentence : "The gate did not open. Try again.";
  }
}

/** A table that waits for somebody; an arena where others are; another hub than this one. */
async function roomBehind(contract: string, here: RoomId, { url, clock }: GatesOptions): Promise<RoomId> {
  if (contract === "dot4") return quickMatch(url, { contract });
  const rooms = await listRooms(url, contract);
  if (contract === "skirmish") return fullestOf(rooms) ?? quickMatch(url, { contract });
  const other = rooms.find(({ room, free }) => room !== here && free > 0);
  return other?.room ?? createRoom(url, { contract, options: { clock }, listed: true });
}
