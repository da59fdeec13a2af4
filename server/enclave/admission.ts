/**
 * From a first envelope to a place in a room: who greets shakes hands, proves an account and shows what they bring; who
 * resumes is let in by their first message.
 */
import type { RoomClaims } from "#protocol/binding.ts";
import { Channel } from "#protocol/channel.ts";
import { encodeWorkerEnvelope, helloLength, resumeLength, type ClientEnvelope } from "#protocol/envelope.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { playerIdOf, type PlayerId, type RoomId } from "#protocol/identity.ts";
import { moveLengthMax, protocolVersion } from "#protocol/limits.ts";
import { linkKinds } from "#protocol/link.ts";
import { lineageId } from "#protocol/manifest.ts";
import type { AuthMessage, ClientMessage } from "#protocol/message.ts";
import type { Suite } from "#protocol/suite.ts";
import type { BaggageDesk } from "./baggage.ts";
import { checkAccount } from "./channel/account.ts";
import type { Resumptions } from "./channel/resumptions.ts";
import { resume, type Welcomed, type Welcomes } from "./channel/welcomes.ts";
import type { Conversation } from "./conversation.ts";
import type { Entry } from "./room/attendance.ts";
import type { Brought } from "./room/inputs.ts";
import type { HostedRoom } from "./rooms.ts";

export interface AdmissionSetup {
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
  /** A room may have work now. */
  readonly touched: (room: HostedRoom) => void;
  /** Something must leave although no boundary is near: handshakes and admissions. */
  readonly urgent: () => void;
  /** Monotonic, in ms. */
  readonly now: () => number;
  /** Somebody is in. */
  readonly entered: (conversation: Conversation) => void;
  /** Somebody cannot be let in, as was found out later than in the call that asked for it. */
  readonly failed: (conversation: Conversation, error: unknown) => void;
}

type Greeting = Exclude<ClientEnvelope, { readonly kind: "data" }>;

export class Admission {
  readonly #setup: AdmissionSetup;

  constructor(setup: AdmissionSetup) {
    this.#setup = setup;
  }

  /** Answers a hello, or an attempt to resume. @throws ProtocolError with the code for the client, as all here. */
  greet(conversation: Conversation, greeting: Greeting): void {
    // Nobody vouches for a repeated hello: on a channel it must not become a last word of the room.
    if (conversation.channel !== undefined) throw new ProtocolError("channel-broken", "a second handshake");
    if (conversation.step !== "attached") throw new ProtocolError("malformed", "a second handshake");
    if (greeting.version !== protocolVersion) throw new ProtocolError("protocol-mismatch");
    conversation.step = "shaking";
    const message = greeting.message.slice();
    const { world, welcomes, suite, resumptions, now } = this.#setup;
    const { hosted } = conversation;
    if (greeting.kind === "hello") {
      if (message.length !== helloLength - 2) throw new ProtocolError("malformed", "hello length");
      void this.#shake(conversation, "welcome", welcomes.welcome(message, this.#claims(hosted)));
      return;
    }
    if (message.length !== resumeLength - 2 - greeting.id.length) throw new ProtocolError("malformed", "resume length");
    const room = hosted.room.id;
    const kept = resumptions.take(greeting.id, room, now());
    if (kept === undefined) throw new ProtocolError("resumption-refused");
    conversation.resuming = kept.player;
    void this.#shake(conversation, "resumed", resume(suite, kept.psk, message, { world, room }));
  }

  /** Lets somebody in by an account that they prove to have, with what they bring and what they remember of the room. */
  admit(conversation: Conversation, channel: Channel, auth: AuthMessage): void {
    const { world, worldKey, baggage: desk } = this.#setup;
    const { hosted } = conversation;
    const { room } = hosted;
    checkAccount(auth, channel.hash, world, room.id);
    const player = inOnePiece(playerIdOf(worldKey, auth.account));
    const entry = entryOf(player, auth);
    const admit = (baggage: Brought | undefined): void => {
      const all = baggage === undefined ? entry : { ...entry, baggage };
      this.#present(conversation, auth.witness, () => {
        if (baggage !== undefined && desk?.isStale(hosted, player, baggage) === true) return look();
        this.#enter(conversation, player, () => room.enter(conversation.id, all, this.#setup.now()));
      });
    };
    const look = (): void => {
      const brought = desk?.check(hosted, player, auth);
      if (brought instanceof Promise) this.#whenPresented(conversation, brought, admit);
      else admit(brought);
    };
    look();
  }

  /**
   * Lets whoever resumes in by their first message, whatever it is. Only a frame under the new keys shows that the player is
   * there, and not a host with an old recording; the secret was this account's, in this room, and good once: no signature is
   * needed again.
   *
   * @returns whether that was all the message was for: it says what they remember.
   */
  readmit(conversation: Conversation, message: ClientMessage): boolean {
    const { resuming, hosted, id } = conversation;
    if (resuming === undefined || conversation.step !== "proving") return false;
    const enter = (): void =>
      this.#enter(conversation, resuming, () => hosted.room.reenter(id, resuming, this.#setup.now()));
    if (message.type === "witness") {
      this.#present(conversation, message.witness, enter);
      return true;
    }
    enter();
    return false;
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
      const known = error instanceof ProtocolError;
      this.#setup.failed(conversation, known ? error : new ProtocolError("handshake-failed"));
    }
    this.#setup.urgent();
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
      .catch((error: unknown) => this.#setup.failed(conversation, error));
  }

  #enter(conversation: Conversation, player: PlayerId, enter: () => void): void {
    const { find, resumptions, entered, touched, urgent, now } = this.#setup;
    const { hosted } = conversation;
    const { id } = hosted.room;
    // It may have been opened anew since this seat was attached to it.
    if (find(id) !== hosted) throw new ProtocolError("room-moved");
    enter();
    conversation.step = "admitted";
    conversation.player = player;
    entered(conversation);
    resumptions.keep(conversation.channel!.resumption, id, player, now());
    touched(hosted);
    urgent();
  }
}

function entryOf(player: PlayerId, { want, name, entropy, invite, lock }: AuthMessage): Entry {
  return {
    player,
    want,
    name,
    entropy,
    ...(invite === undefined ? {} : { invite }),
    ...(lock === undefined ? {} : { lock }),
  };
}

/** Joined from digits, an id takes six times its length, in everything that remembers the player. */
const inOnePiece = (id: PlayerId): PlayerId => Buffer.from(id, "latin1").toString("latin1") as PlayerId;
