/**
 * The one door: every byte that enters or leaves the enclave passes here, and is plaintext only on this side of it.
 *
 * Each of a gateway's seats has a conversation. Whatever in one is out of order, unreadable or late closes that seat and
 * touches no other.
 */
import type { Channel } from "#protocol/channel.ts";
import { encodeRefused } from "#protocol/control.ts";
import { dataLead, decodeClientEnvelope, encodeWorkerEnvelope, type ClientEnvelope } from "#protocol/envelope.ts";
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { linkKinds } from "#protocol/link.ts";
import { decodeClientMessage, encodeWorkerMessage, type WorkerMessage } from "#protocol/message.ts";
import type { WalletMessage } from "#protocol/wallet.ts";
import type { WalletLinks } from "./accounts/wallet-links.ts";
import { Admission, type AdmissionSetup } from "./admission.ts";
import { Conversation, type GateLink } from "./conversation.ts";
import type { ConnectionId, RoomOutput } from "./room/audience.ts";

export type { GateLink } from "./conversation.ts";

export interface GateSetup extends Omit<AdmissionSetup, "entered" | "failed"> {
  /** Which wallets players have linked. */
  readonly wallets: Pick<WalletLinks, "answer">;
  /** An error that is ours, not the client's. */
  readonly bug: (error: unknown) => void;
}

/** From attaching to being admitted: a slow phone verifies a quote in under two seconds. */
export const admissionMs = 20_000;

/**
 * In rooms that wait for everybody, whoever has said nothing for so long is gone, whatever the gateway says: clients ping every
 * five seconds, and pages that nobody looks at once a minute.
 */
export const silentMs = 75_000;

/** What one channel may ask about wallets: each takes milliseconds to check, and nobody mistypes so often. */
const walletMessagesMax = 32;

/** Seats of one gateway, admitted or not. */
const seatsMax = 8192;

export class Gate implements RoomOutput {
  readonly #setup: GateSetup;
  readonly #admission: Admission;
  readonly #byId = new Map<ConnectionId, Conversation>();
  readonly #bySeat = new WeakMap<GateLink, Map<number, Conversation>>();
  /** Not admitted yet, oldest first. */
  readonly #pending = new Set<Conversation>();
  #lastId = 0;

  constructor(setup: GateSetup) {
    this.#setup = setup;
    this.#admission = new Admission({
      ...setup,
      entered: (conversation) => this.#pending.delete(conversation),
      failed: (conversation, error) => this.#fail(conversation, error),
    });
  }

  get size(): number {
    return this.#byId.size;
  }

  // From the link

  /** A gateway has a socket for this room. */
  attach(link: GateLink, seat: number, room: RoomId): void {
    this.detach(link, seat);
    const hosted = this.#setup.find(room);
    if (hosted === undefined) return refuseSeat(link, seat, "room-not-found");
    if (this.#byId.size >= seatsMax) return refuseSeat(link, seat, "busy");
    const conversation = new Conversation((this.#lastId += 1), link, seat, hosted, this.#setup.now());
    this.#byId.set(conversation.id, conversation);
    this.#seatsOf(link).set(seat, conversation);
    this.#pending.add(conversation);
  }

  /** A gateway has a socket for a room that cannot be brought back. */
  refuse(link: GateLink, seat: number, code: ErrorCode): void {
    refuseSeat(link, seat, code);
  }

  /** One envelope from a client. */
  frame(link: GateLink, seat: number, bytes: Uint8Array): void {
    const conversation = this.#bySeat.get(link)?.get(seat);
    if (conversation === undefined) return;
    try {
      this.#receive(conversation, decodeClientEnvelope(bytes));
    } catch (error) {
      this.#fail(conversation, error);
    }
  }

  /** So many bytes wait for a seat's client, as the gateway says. */
  buffered(link: GateLink, seat: number, bytes: number): void {
    const conversation = this.#bySeat.get(link)?.get(seat);
    if (conversation?.step === "admitted") conversation.hosted.room.buffered(conversation.id, bytes);
  }

  /** A gateway's socket is gone. */
  detach(link: GateLink, seat: number): void {
    const conversation = this.#bySeat.get(link)?.get(seat);
    if (conversation !== undefined) this.#forget(conversation);
  }

  /** A whole gateway is gone. */
  unlink(link: GateLink): void {
    for (const conversation of this.#byId.values()) if (conversation.link === link) this.#forget(conversation);
  }

  /** Closes those who take too long to be admitted, and those of whom nothing is heard any more. */
  expire(): void {
    const now = this.#setup.now();
    for (const conversation of this.#byId.values()) {
      const { step, hosted, heardAt } = conversation;
      if (step !== "admitted" || hosted.room.manifest.presence !== "all" || now - heardAt < silentMs) continue;
      this.#refuse(conversation, "channel-broken");
    }
    for (const conversation of this.#pending) {
      if (now - conversation.since < admissionMs) return;
      this.#refuse(conversation, "handshake-timeout");
    }
  }

  // From rooms

  send(connection: ConnectionId, message: WorkerMessage): void {
    const conversation = this.#byId.get(connection);
    if (conversation?.channel === undefined || conversation.channel.closed) return;
    const { type, body } = encodeWorkerMessage(message);
    const floor = conversation.hosted.room.manifest.frameBytes;
    // Encrypted where its envelope is: a thousand viewers are told something twenty times a second.
    conversation.channel.encryptTo(conversation, type, body, floor, dataLead);
  }

  isFull(connection: ConnectionId): boolean {
    return this.#byId.get(connection)?.link.full === true;
  }

  close(connection: ConnectionId, code: ErrorCode): void {
    const conversation = this.#byId.get(connection);
    if (conversation === undefined) return;
    this.send(connection, { type: "closed", code });
    refuseSeat(conversation.link, conversation.seat, code);
    this.#drop(conversation);
  }

  #seatsOf(link: GateLink): Map<number, Conversation> {
    let seats = this.#bySeat.get(link);
    if (seats === undefined) {
      seats = new Map();
      this.#bySeat.set(link, seats);
    }
    return seats;
  }

  // One conversation

  #receive(conversation: Conversation, envelope: ClientEnvelope): void {
    if (envelope.kind === "data") return this.#receiveData(conversation, envelope.ciphertext);
    this.#admission.greet(conversation, envelope);
  }

  #receiveData(conversation: Conversation, ciphertext: Uint8Array): void {
    const { channel } = conversation;
    if (channel === undefined) throw new ProtocolError("malformed", "data before a channel");
    const frame = channel.decrypt(ciphertext);
    conversation.heardAt = this.#setup.now();
    if (frame === undefined) return;
    const message = decodeClientMessage(frame.type, frame.body);
    if (conversation.step === "presenting") throw new ProtocolError("malformed", "not let in yet");
    if (this.#admission.readmit(conversation, message)) return;
    if (message.type === "wallet") return this.#askWallet(conversation, channel, message);
    if (conversation.step === "admitted") {
      conversation.hosted.room.receive(conversation.id, message, this.#setup.now());
      // Everybody in the room may have waited for it, and its boundary is over.
      if (message.type === "witness") this.#setup.urgent();
      return this.#setup.touched(conversation.hosted);
    }
    if (message.type !== "auth") throw new ProtocolError("not-admitted");
    this.#admission.admit(conversation, channel, message);
  }

  /** Wallets are the player's affair, in whichever room they are: no room hears of it. */
  #askWallet(conversation: Conversation, channel: Channel, message: WalletMessage): void {
    const { player, step, id } = conversation;
    if (step !== "admitted" || player === undefined) throw new ProtocolError("not-admitted");
    conversation.walletMessages += 1;
    if (conversation.walletMessages > walletMessagesMax) throw new ProtocolError("too-many-moves");
    this.#setup.wallets
      .answer(player, channel.hash, message)
      .then((answer) => {
        this.send(id, answer);
        this.#setup.urgent();
      })
      .catch((error: unknown) => this.#fail(conversation, error));
  }

  // Endings

  #fail(conversation: Conversation, error: unknown): void {
    if (error instanceof ProtocolError) return this.#refuse(conversation, error.code);
    this.#setup.bug(error);
    this.#refuse(conversation, "malformed");
  }

  /** Says why, inside the channel if there is one, and closes the seat. */
  #refuse(conversation: Conversation, code: ErrorCode): void {
    if (conversation.step === "closed") return;
    const { channel, link, seat, hosted, id } = conversation;
    if (channel === undefined || channel.closed) {
      link.put(linkKinds.frame, seat, encodeWorkerEnvelope({ kind: "refused", code }));
    } else {
      this.send(id, { type: "closed", code });
    }
    refuseSeat(link, seat, code);
    this.#forget(conversation);
    this.#setup.touched(hosted);
    this.#setup.urgent();
  }

  /** Ends a conversation and tells its room. */
  #forget(conversation: Conversation): void {
    const admitted = conversation.step === "admitted";
    this.#drop(conversation);
    if (!admitted) return;
    conversation.hosted.room.drop(conversation.id, this.#setup.now());
    this.#setup.touched(conversation.hosted);
  }

  #drop(conversation: Conversation): void {
    conversation.step = "closed";
    conversation.channel?.close();
    this.#byId.delete(conversation.id);
    this.#bySeat.get(conversation.link)?.delete(conversation.seat);
    this.#pending.delete(conversation);
  }
}

const refuseSeat = (link: GateLink, seat: number, code: ErrorCode): void =>
  link.put(linkKinds.close, seat, encodeRefused({ ref: 0, code }));
