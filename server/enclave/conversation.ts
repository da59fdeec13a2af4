/** Where one seat's conversation stands: attached to a room, shaking hands, proving an account, admitted. */
import type { Channel, SealedTaker } from "#protocol/channel.ts";
import { markWorkerData } from "#protocol/envelope.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { linkKinds, type LinkKind } from "#protocol/link.ts";
import type { ConnectionId } from "./room/audience.ts";
import type { HostedRoom } from "./rooms.ts";

/** Where the gate's words to a gateway go; a `LinkConnection` is one. */
export interface GateLink {
  readonly id: number;
  /** Too much waits for the gateway. */
  readonly full: boolean;
  /** Copies the body. */
  put(kind: LinkKind, seat: number, body: Uint8Array): void;
}

type ConversationStep = "attached" | "shaking" | "proving" | "presenting" | "admitted" | "closed";

export class Conversation implements SealedTaker {
  readonly id: ConnectionId;
  readonly link: GateLink;
  readonly seat: number;
  readonly hosted: HostedRoom;
  /** Monotonic, in ms. */
  readonly since: number;
  /** When the newest frame came that only this client can have sent; monotonic, in ms. */
  heardAt: number;
  step: ConversationStep = "attached";
  channel: Channel | undefined;
  /** The account a resumption was bound to, until the client's first frame proves that it holds the secret. */
  resuming: PlayerId | undefined;
  /** Who was let in. */
  player: PlayerId | undefined;
  walletMessages = 0;

  constructor(id: ConnectionId, link: GateLink, seat: number, hosted: HostedRoom, since: number) {
    this.id = id;
    this.link = link;
    this.seat = seat;
    this.hosted = hosted;
    this.since = since;
    this.heardAt = since;
  }

  /** A ciphertext of its channel, behind a place for the envelope. */
  take(sealed: Uint8Array): void {
    markWorkerData(sealed);
    this.link.put(linkKinds.frame, this.seat, sealed);
  }
}
