/** One player in each of many rooms, who does nothing but look. */
import { guestAccount } from "../../client/sdk/account.ts";
import { join } from "../../client/sdk/join.ts";
import { memoryKeyStore } from "../../client/sdk/key-store.ts";
import { createRoom } from "../../client/sdk/lobby.ts";
import type { Room } from "../../client/sdk/room.ts";
import { developmentPolicy } from "../../server/attestation/policy.ts";
import { hexToBytes } from "../../server/protocol/bytes.ts";
import { worldId } from "../../server/protocol/manifest.ts";
import { answer } from "../processes/child.ts";
import { world } from "../ours/world.ts";
import type { spinner } from "./spinner.ts";

const players: Room<{ readonly ticks: number }, null>[] = [];

answer({
  async enter({ url, contract, rooms }: { readonly url: string; readonly contract: string; readonly rooms: number }) {
    for (let i = 0; i < rooms; i++) {
      const player = await join<typeof spinner>(url, {
        room: await createRoom(url, { contract: "spinner" }),
        world: worldId(world),
        contract: hexToBytes(contract),
        policy: developmentPolicy,
        account: await guestAccount(memoryKeyStore()),
      });
      players.push(player as (typeof players)[number]);
    }
  },
  /** Of each room, how many ticks it has had, as far as its player has seen. */
  ticks: () => players.map(({ view }) => view?.ticks ?? 0),
});
