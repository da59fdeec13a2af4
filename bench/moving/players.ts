/** Players who never stop moving, and how long each waits for an answer. */
import { guestAccount } from "../../client/sdk/account.ts";
import { type Environment, realEnvironment } from "../../client/sdk/environment.ts";
import { joinIn } from "../../client/sdk/join.ts";
import { memoryKeyStore } from "../../client/sdk/key-store.ts";
import { createRoom } from "../../client/sdk/lobby.ts";
import type { Room } from "../../client/sdk/room.ts";
import type { VerifyEvidence } from "../../client/sdk/verify-evidence.ts";
import { developmentPolicy } from "../../server/attestation/policy.ts";
import { bytesToHex, hexToBytes } from "../../server/protocol/bytes.ts";
import { worldId } from "../../server/protocol/manifest.ts";
import { answer } from "../processes/child.ts";
import { world } from "../ours/world.ts";
import type { crowd } from "./crowd.ts";

type CrowdRoom = Room<{ readonly count: number }, null>;

/** Between an answer and the next move, in ms. */
const restMs = 50;

let rooms: CrowdRoom[] = [];
/** The longest wait of each player since the last look, in ms. */
let longest: number[] = [];
/** Workers that were verified beyond the first of each. */
let rejoined = 0;

answer({
  async enter({
    url,
    contract,
    players,
  }: {
    readonly url: string;
    readonly contract: string;
    readonly players: number;
  }) {
    const environment: Environment = { ...realEnvironment(), verify: once(realEnvironment().verify) };
    const room = await createRoom(url, { contract: "crowd" });
    for (let i = 0; i < players; i++) {
      const player = await joinIn<typeof crowd>(environment, url, {
        room,
        world: worldId(world),
        contract: hexToBytes(contract),
        policy: developmentPolicy,
        account: await guestAccount(memoryKeyStore()),
      });
      player.on("closed", (error) => {
        if (rooms.length > 0) throw error;
      });
      player.on("shield", () => (rejoined += 1));
      rooms.push(player as CrowdRoom);
    }
    longest = rooms.map(() => 0);
    rooms.forEach((player, i) => void play(player, i));
    return { room };
  },
  /** The longest wait of each player since this was asked last, and how often they had to verify a worker anew. */
  look() {
    const waits = longest;
    const verified = rejoined;
    longest = rooms.map(() => 0);
    rejoined = 0;
    return { waits, verified };
  },
  leave() {
    const left = rooms;
    rooms = [];
    for (const room of left) room.close();
  },
});

async function play(player: CrowdRoom, i: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * restMs));
  while (rooms.length > 0) {
    const from = performance.now();
    // A move that nobody answers any more.
    if (
      !(await player.move(null).then(
        () => true,
        () => false,
      ))
    )
      return;
    longest[i] = Math.max(longest[i]!, performance.now() - from);
    await new Promise((resolve) => setTimeout(resolve, restMs));
  }
}

/**
 * Everybody here shares one core, and all of them are shown the same evidence by one worker: it is verified once, as if
 * each had a device of their own.
 */
function once(verify: VerifyEvidence): VerifyEvidence {
  const known = new Map<string, ReturnType<VerifyEvidence>>();
  return (bytes, policy, now) => {
    const key = bytesToHex(bytes);
    let verified = known.get(key);
    if (verified === undefined) known.set(key, (verified = verify(bytes, policy, now)));
    return verified;
  };
}
