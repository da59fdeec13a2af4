/** What a world's moderator does about somebody, from the moderator's own machine: said in a room, by the moderator's key. */
import type { Policy } from "#attestation/policy.ts";
import { guestAccount } from "#client/account.ts";
import { join } from "#client/join.ts";
import { memoryKeyStore } from "#client/key-store.ts";
import { info, listRooms } from "#client/lobby.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import { isRoomId, type RoomId } from "#protocol/identity.ts";
import type { Value } from "#protocol/value.ts";
import { QuestionError } from "./verify-place.ts";

/** What the rules of Phala World know; other rules may take the same moves. */
export const orders = {
  kick: (player: string): Value => ({ do: "kick", player }),
  ban: (player: string): Value => ({ do: "ban", player, ban: true }),
  pardon: (player: string): Value => ({ do: "ban", player, ban: false }),
} as const;

export type Order = keyof typeof orders;

export interface OrderGiven {
  readonly url: string;
  readonly policy: Policy;
  /** Ed25519 seed of the moderator, 32 bytes. */
  readonly secret: Uint8Array;
  /** Name of the rules. */
  readonly contract: string;
  /** Missing: all rooms of these rules that are listed. */
  readonly room?: string | undefined;
  readonly order: Order;
  /** Player id, as reports have it: 32 hex digits. */
  readonly player: string;
}

/** What became of it in one room. */
export interface OrderKept {
  readonly room: RoomId;
  /** Null if it was done. */
  readonly refusal: string | null;
}

/**
 * Sits down in each room for as long as the move takes. World and rules are those that the place names, the machine is judged
 * by the policy.
 *
 * @throws QuestionError for what is no player, room or place of these rules; ClientError if a room cannot be entered.
 */
export async function keepOrder(given: OrderGiven): Promise<readonly OrderKept[]> {
  const { url, policy, secret, contract, order, player } = given;
  if (!URL.canParse(url)) throw new QuestionError(`${url} is no address of a place, such as http://localhost:2567`);
  if (!/^[0-9a-f]{32}$/.test(player)) throw new QuestionError("a player is 32 hex digits, as reports have them");
  const { ready } = await info(url);
  if (ready === null) throw new QuestionError("this place has no worker at the moment");
  const hosted = ready.contracts.find(({ name }) => name === contract);
  if (hosted === undefined) throw new QuestionError(`this place does not host ${contract}`);
  const account = await guestAccount(memoryKeyStore(secret));
  const kept: OrderKept[] = [];
  for (const room of await roomsOf(given)) {
    const expected = { world: hexToBytes(ready.world), contract: hexToBytes(hosted.hash) };
    const joined = await join(url, { room, policy, account, ...expected });
    try {
      const outcome = await joined.move(orders[order](player));
      kept.push({ room, refusal: outcome.accepted ? null : outcome.reason });
    } finally {
      await joined.leave();
    }
  }
  return kept;
}

async function roomsOf({ url, contract, room }: OrderGiven): Promise<readonly RoomId[]> {
  if (room === undefined) {
    const rooms = (await listRooms(url, contract)).map((listing) => listing.room);
    if (rooms.length === 0) throw new QuestionError(`no room of ${contract} is listed; name one with --room`);
    return rooms;
  }
  if (!isRoomId(room)) throw new QuestionError(`${room} is no room`);
  return [room];
}
