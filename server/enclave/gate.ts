/**
 * The one door: every byte that enters or leaves the enclave passes here, and is plaintext only on this side of it.
 *
 * For each of a gateway's seats it keeps where that seat's conversation stands: attached to a room, shaking hands,
 * proving an account, admitted. Whatever is out of order, unreadable or late closes that seat and touches no other.
 */
import type { RoomClaims } from "#protocol/binding.ts";
import { Channel } from "#protocol/channel.ts";
import { encodeRefused } from "#protocol/control.ts";
import {
  dataLead,
  decodeClientEnvelope,
  encodeWorkerEnvelope,
  helloLength,
  resumeLength,
  type ClientEnvelope,
} from "#protocol/envelope.ts";
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import { playerIdOf, type PlayerId, type RoomId } from "#protocol/identity.ts";
import { moveLengthMax, protocolVersion } from "#protocol/limits.ts";
import { linkKinds } from "#protocol/link.ts";
import { lineageId } from "#protocol/manifest.ts";
import { decodeClientMessage, encodeWorkerMessage, type AuthMessage, type WorkerMessage } from "#protocol/message.ts";
import type { Suite } from "#protocol/suite.ts";
import type { WalletMessage } from "#protocol/wallet.ts";
import type { WalletLinks } from "./accounts/wallet-links.ts";
import { checkAccount } from "./channel/account.ts";
import type { Resumptions } from "./channel/resumptions.ts";
import { resume, type Welcomed, type Welcomes } from "./channel/welcomes.ts";
import type { BaggageDesk } from "./baggage.ts";
import { Conversation, type GateLink } from "./conversation.ts";
import type { Entry } from "./room/attendance.ts";
import type { ConnectionId, RoomOutput } from "./room/audience.ts";
import type { Brought } from "./room/inputs.ts";
import type { HostedRoom } from "./rooms.ts";

export type { GateLink } from "./conversation.ts";

export interface GateSetup {
  /** 32 bytes. */
  readonly world: Uint8Array;
  /** For player ids; 32 secret bytes. */
  readonly worldKey: Uint8Array;
  readonly suite: Suite;
  readonly welcomes: Welcomes;
  readonly resumptions: Resumptions;
  readonly find: (room: RoomId) => HostedRoom | undefined;
  /**
   * Holds what somebody remembers of a room against what the room is, before they are in it.
   *
   * @throws ProtocolError if it is not to be believed, or the promise rejects with it.
   */
  readonly present: (room: HostedRoom, witness: Uint8Array) => void | Promise<void>;
  /** What somebody brings whose account was checked; see `baggage.ts`. Without it they bring nothing. */
  readonly baggage?: Pick<BaggageDesk, "check" | "isStale">;
  /** The account that issues what a lineage awards, 32 bytes. Where nobody knows, nobody is named: zeros. */
  readonly issuerOf?: (lineage: Uint8Array) => Uint8Array | undefined;
  /** Signs what is reported to the world's moderator, 32 bytes. Where nothing is, no key is named: zeros. */
  readonly reportKey?: Uint8Array;
  /** Which wallets players have linked. */
  readonly wallets: Pick<WalletLinks, "answer">;
  /** A room may have work now. */
  readonly touched: (room: HostedRoom) => void;
  /** Something must leave although no boundary is near: handshakes and admissions. */
  readonly urgent: () => void;
  /** An error that is ours, not the client's. */
  readonly bug: (error: unknown) => void;
  /** Monotonic, in ms. */
  readonly now: () => number;
}

/** From attaching to being admitted: a slow phone verifies a quote in under two seconds. */
export const admissionMs = 20_000;

/** What one channel may ask about wallets: each takes milliseconds to check, and nobody mistypes so often. */
const walletMessagesMax = 32;

/** Seats of one gateway, admitted or not. */
const seatsMax = 8192;

export class Gate implements RoomOutput {
  readonly #setup: GateSetup;
  readonly #byId = new Map<ConnectionId, Conversation>();
  readonly #bySeat = new WeakMap<GateLink, Map<number, Conversation>>();
  /** Not admitted yet, oldest first. */
  readonly #pending = new Set<Conversation>();
  #lastId = 0;

  constructor(setup: GateSetup) {
    this.#setup = setup;
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

  /** Closes those who take too long to be admitted. */
  expire(): void {
    const now = this.#setup.now();
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
    // Nobody vouches for a repeated hello: on a channel it must not become a last word of the room.
    if (conversation.channel !== undefined) throw new ProtocolError("channel-broken", "a second handshake");
    if (conversation.step !== "attached") throw new ProtocolError("malformed", "a second handshake");
    if (envelope.version !== protocolVersion) throw new ProtocolError("protocol-mismatch");
    conversation.step = "shaking";
    const message = envelope.message.slice();
    if (envelope.kind === "hello") {
      if (message.length !== helloLength - 2) throw new ProtocolError("malformed", "hello length");
      void this.#shake(
        conversation,
        "welcome",
        this.#setup.welcomes.welcome(message, this.#claims(conversation.hosted)),
      );
      return;
    }
    if (message.length !== resumeLength - 2 - envelope.id.length) throw new ProtocolError("malformed", "resume length");
    const { hosted } = conversation;
    const kept = this.#setup.resumptions.take(envelope.id, hosted.room.id, this.#setup.now());
    if (kept === undefined) throw new ProtocolError("resumption-refused");
    conversation.resuming = kept.player;
    const { world } = this.#setup;
    void this.#shake(
      conversation,
      "resumed",
      resume(this.#setup.suite, kept.psk, message, { world, room: hosted.room.id }),
    );
  }

  #claims({ room, contract, lineage }: HostedRoom): RoomClaims {
    const { world, issuerOf, reportKey } = this.#setup;
    const own = lineage?.lineage ?? lineageId(world, contract.hash);
    return {
      contract: contract.hash,
      lineage: own,
      world,
      room: room.id,
      term: room.term,
      head: room.head,
      issuer: issuerOf?.(own) ?? new Uint8Array(32),
      reportKey: reportKey ?? new Uint8Array(32),
    };
  }

  async #shake(conversation: Conversation, kind: "welcome" | "resumed", welcoming: Promise<Welcomed>): Promise<void> {
    try {
      const { message, secrets } = await welcoming;
      if (conversation.step === "closed") return;
      conversation.channel = new Channel(secrets, { messageMax: moveLengthMax });
      conversation.step = "proving";
      conversation.link.put(linkKinds.frame, conversation.seat, encodeWorkerEnvelope({ kind, message }));
    } catch (error) {
      this.#fail(conversation, error instanceof ProtocolError ? error : new ProtocolError("handshake-failed"));
    }
    this.#setup.urgent();
  }

  #receiveData(conversation: Conversation, ciphertext: Uint8Array): void {
    const { channel } = conversation;
    if (channel === undefined) throw new ProtocolError("malformed", "data before a channel");
    const frame = channel.decrypt(ciphertext);
    if (frame === undefined) return;
    const message = decodeClientMessage(frame.type, frame.body);
    if (conversation.step === "presenting") throw new ProtocolError("malformed", "not let in yet");
    // Only a frame under the new keys shows that the player is there, and not a host with an old recording.
    const { resuming } = conversation;
    if (resuming !== undefined && conversation.step === "proving") {
      const readmit = (): void => this.#readmit(conversation, resuming);
      if (message.type === "witness") return this.#present(conversation, message.witness, readmit);
      readmit();
    }
    if (message.type === "wallet") return this.#askWallet(conversation, channel, message);
    if (conversation.step === "admitted") {
      conversation.hosted.room.receive(conversation.id, message, this.#setup.now());
      return this.#setup.touched(conversation.hosted);
    }
    if (message.type !== "auth") throw new ProtocolError("not-admitted");
    this.#admit(conversation, channel, message);
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

  #admit(conversation: Conversation, channel: Channel, auth: AuthMessage): void {
    const { world, worldKey } = this.#setup;
    const { room } = conversation.hosted;
    checkAccount(auth, channel.hash, world, room.id);
    const player = playerIdOf(worldKey, auth.account);
    const { want, name, entropy, invite, lock } = auth;
    const entry: Entry = {
      player,
      want,
      name,
      entropy,
      ...(invite === undefined ? {} : { invite }),
      ...(lock === undefined ? {} : { lock }),
    };
    const admit = (baggage: Brought | undefined): void => {
      const all = baggage === undefined ? entry : { ...entry, baggage };
      this.#present(conversation, auth.witness, () => {
        if (baggage !== undefined && this.#setup.baggage?.isStale(conversation.hosted, player, baggage) === true)
          return look();
        this.#enter(conversation, player, () => room.enter(conversation.id, all, this.#setup.now()));
      });
    };
    const look = (): void => {
      const brought = this.#setup.baggage?.check(conversation.hosted, player, auth);
      if (brought instanceof Promise) this.#whenPresented(conversation, brought, admit);
      else admit(brought);
    };
    look();
  }

  /** Looks at what somebody remembers of the room, if it is anything, and then lets them in. */
  #present(conversation: Conversation, witness: Uint8Array | undefined, admit: () => void): void {
    const looking = witness === undefined ? undefined : this.#setup.present(conversation.hosted, witness);
    if (looking === undefined) return admit();
    this.#whenPresented(conversation, looking, admit);
  }

  /** What comes meanwhile is out of order. */
  #whenPresented<T>(conversation: Conversation, looking: Promise<T>, admit: (found: T) => void): void {
    conversation.step = "presenting";
    void looking
      .then((found) => (conversation.step === "presenting" ? admit(found) : undefined))
      .catch((error: unknown) => {
        this.#fail(conversation, error);
      });
  }

  /** The secret was this account's, in this room, and good once: no signature is needed again. */
  #readmit(conversation: Conversation, player: PlayerId): void {
    const { room } = conversation.hosted;
    this.#enter(conversation, player, () => room.reenter(conversation.id, player, this.#setup.now()));
  }

  #enter(conversation: Conversation, player: PlayerId, enter: () => void): void {
    const { id } = conversation.hosted.room;
    // It may have been opened anew since this seat was attached to it.
    if (this.#setup.find(id) !== conversation.hosted) throw new ProtocolError("room-moved");
    enter();
    conversation.step = "admitted";
    conversation.player = player;
    this.#pending.delete(conversation);
    this.#setup.resumptions.keep(conversation.channel!.resumption, id, player, this.#setup.now());
    this.#setup.touched(conversation.hosted);
    this.#setup.urgent();
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
