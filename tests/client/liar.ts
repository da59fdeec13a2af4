/** A worker that shakes hands correctly and then says what it likes about itself. */
import type { Receiver, Transport } from "#client/transport.ts";
import { encodeWelcome, leafOf, merkleTree, reportData, type RoomClaims, type Welcome } from "#protocol/binding.ts";
import { Channel, prologueOf } from "#protocol/channel.ts";
import { decodeClientEnvelope, encodeWorkerEnvelope } from "#protocol/envelope.ts";
import type { RoomId } from "#protocol/identity.ts";
import { messageLengthMax } from "#protocol/limits.ts";
import { lineageId } from "#protocol/manifest.ts";
import { encodeWorkerMessage, type WorkerMessage } from "#protocol/message.ts";
import { Handshake } from "#protocol/noise.ts";
import { plainSuite, world } from "./place.ts";

export interface Lies {
  /** What it claims about the room. */
  readonly claims?: (claims: RoomClaims) => RoomClaims;
  /** What it presents in the end, after everything was bound. */
  readonly welcome?: (welcome: Welcome) => Welcome;
  /** The report data that the hardware signed. */
  readonly evidence?: (reportData: Uint8Array) => Uint8Array;
  /** Bytes it puts on the line instead of its welcome. */
  readonly raw?: Uint8Array;
  /** Never answers a hello. */
  readonly silent?: boolean;
  /** What it says in the channel once it has heard the first message. */
  readonly says?: readonly WorkerMessage[];
}

export interface Liar extends Transport {
  /** Every envelope that the client handed over. */
  readonly sent: Uint8Array[];
  /** How many connections are open. */
  connections: number;
}

export function liar(contract: Uint8Array, lies: Lies): Liar {
  const it: Liar = {
    sent: [],
    connections: 0,
    async open(room, receiver) {
      it.connections += 1;
      let open = true;
      let channel: Channel | undefined;
      return {
        send(envelope) {
          if (!open) return;
          it.sent.push(envelope.slice());
          const read = decodeClientEnvelope(envelope);
          if (read.kind === "hello" && lies.silent !== true) {
            void answer(read.message, room, contract, lies, receiver).then((made) => (channel = made));
          }
          if (read.kind === "data") for (const message of lies.says ?? []) say(channel!, message, receiver);
        },
        close() {
          if (open) it.connections -= 1;
          open = false;
        },
      };
    },
  };
  return it;
}

function say(channel: Channel, message: WorkerMessage, receiver: Receiver): void {
  const { type, body } = encodeWorkerMessage(message);
  for (const ciphertext of channel.encrypt(type, body))
    receiver.bytes(encodeWorkerEnvelope({ kind: "data", ciphertext }));
}

async function answer(
  hello: Uint8Array,
  room: RoomId,
  contract: Uint8Array,
  lies: Lies,
  receiver: Receiver,
): Promise<Channel> {
  const staticKey = await plainSuite.generateKeyPair();
  const handshake = new Handshake({
    pattern: "NX",
    role: "responder",
    prologue: prologueOf(world, room),
    suite: plainSuite,
    staticKey,
  });
  await handshake.read(hello);
  const honest: RoomClaims = {
    contract,
    lineage: lineageId(world, contract),
    world,
    room,
    term: 1,
    head: new Uint8Array(32),
    issuer: new Uint8Array(32),
    reportKey: new Uint8Array(32),
  };
  const claims = lies.claims?.(honest) ?? honest;
  const { root, paths } = merkleTree([leafOf(handshake.remoteEphemeral!, claims)]);
  const signed = reportData(staticKey.publicKey, 7, root);
  const welcome: Welcome = { claims, keyEpoch: 7, root, path: paths[0]!, evidence: lies.evidence?.(signed) ?? signed };
  const message = await handshake.write(encodeWelcome(lies.welcome?.(welcome) ?? welcome));
  const channel = new Channel(handshake.finish(), { messageMax: messageLengthMax });
  receiver.bytes(lies.raw ?? encodeWorkerEnvelope({ kind: "welcome", message }));
  return channel;
}
