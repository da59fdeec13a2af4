/** What gateways say to this worker, and what they are told when they come: every message of a link finds its place here. */
import { decodeAttach, decodeBuffered, encodeControl, encodeRefused, type Ready } from "#protocol/control.ts";
import { ProtocolError, type ErrorCode } from "#protocol/errors.ts";
import { linkKinds, type LinkMessage } from "#protocol/link.ts";
import { decodeAsked, encodeTold, type Asked } from "#protocol/moving.ts";
import { StoreError } from "#protocol/store.ts";
import type { CollateralDesk } from "./collateral-desk.ts";
import type { LinkedChain } from "./ledger/follow/linked-chain.ts";
import type { LinkConnection, LinkEnd } from "./link-server.ts";
import type { Moving } from "./moving/moving.ts";
import { PlatformError } from "./platform/platform.ts";
import type { Recovery } from "./recovery.ts";
import type { Tunnels } from "./requests/tunnels.ts";
import type { RoomDesk } from "./room-desk.ts";
import type { Rooms } from "./rooms.ts";
import type { LinkedStore } from "./vault/store-client.ts";

export interface GatewaysSetup {
  readonly ready: () => Ready;
  readonly rooms: Rooms;
  readonly desk: RoomDesk;
  readonly moving: Moving;
  readonly store: LinkedStore;
  readonly recovery: Recovery;
  readonly collateral: CollateralDesk | undefined;
  readonly tunnels: Tunnels;
  readonly chain: LinkedChain;
  readonly log: (event: GatewaysEvent) => void;
  /** What was said may leave. */
  readonly flush: () => void;
  /** An error that is ours, not the gateway's. */
  readonly bug: (error: unknown) => void;
}

export type GatewaysEvent =
  | { readonly event: "gateway-connected" }
  | { readonly event: "gateway-gone"; readonly end: LinkEnd }
  | { readonly event: "gateway-malformed" };

export class Gateways {
  readonly #setup: GatewaysSetup;
  #recovering = false;

  constructor(setup: GatewaysSetup) {
    this.#setup = setup;
  }

  greet(link: LinkConnection): void {
    const { ready, rooms, log, collateral, tunnels } = this.#setup;
    log({ event: "gateway-connected" });
    link.put(linkKinds.ready, 0, encodeControl(ready()));
    for (const { room } of rooms.all()) {
      link.put(linkKinds.holding, 0, encodeControl({ room: room.id, term: room.term }));
    }
    for (const listing of rooms.listings()) link.put(linkKinds.listing, 0, encodeControl(listing));
    link.flush();
    collateral?.attach(link);
    tunnels.attach(link);
  }

  part(link: LinkConnection, end: LinkEnd): void {
    const { log, collateral, store, desk, tunnels, chain } = this.#setup;
    log({ event: "gateway-gone", end });
    collateral?.detach(link);
    tunnels.detach(link);
    chain.detach(link);
    store.detach(link);
    desk.unlink(link);
  }

  receive(link: LinkConnection, message: LinkMessage): void {
    try {
      this.#dispatch(link, message);
    } catch (error) {
      // A bug of ours in one message must not take every room of this worker with it.
      if (!(error instanceof ProtocolError)) return this.#setup.bug(error);
      this.#setup.log({ event: "gateway-malformed" });
      link.close();
    }
  }

  #dispatch(link: LinkConnection, { kind, seat, body }: LinkMessage): void {
    const { desk, store, collateral, tunnels, chain } = this.#setup;
    switch (kind) {
      case linkKinds.frame:
        return desk.frame(link, seat, body);
      case linkKinds.attach:
        return desk.attach(link, seat, decodeAttach(body).room);
      case linkKinds.detach:
        return desk.detach(link, seat);
      case linkKinds.create:
        return desk.create(link, body);
      case linkKinds.buffered:
        return desk.buffered(link, seat, decodeBuffered(body).bytes);
      case linkKinds.ask:
        return void this.#answer(link, decodeAsked(body));
      case linkKinds.collateral:
        return collateral?.answer(link, body);
      case linkKinds.tunnelled:
        return tunnels.receive(link, seat, body);
      case linkKinds.chainOffer:
        return chain.offer(link, body);
      case linkKinds.chainAnswer:
        return chain.answer(link, body);
      case linkKinds.storeOffer:
        return this.#takeStore(link, body);
      case linkKinds.storeAnswer:
        return store.answer(link, body);
      default:
        throw new ProtocolError("malformed", "link kind");
    }
  }

  /** Where nobody else has rooms in it, all that are kept there are ours to bring back. */
  #takeStore(link: LinkConnection, body: Uint8Array): void {
    const { shared } = this.#setup.store.offer(link, body);
    if (shared || this.#recovering) return;
    this.#recovering = true;
    void this.#setup.recovery.all().catch(() => undefined);
  }

  async #answer(link: LinkConnection, { ref, ...request }: Asked): Promise<void> {
    try {
      link.put(linkKinds.told, 0, encodeTold({ ref, answer: await this.#setup.moving.answer(request) }));
    } catch (error) {
      link.put(linkKinds.refused, 0, encodeRefused({ ref, code: this.#codeOf(error) }));
    }
    this.#setup.flush();
  }

  #codeOf(error: unknown): ErrorCode {
    if (error instanceof ProtocolError) return error.code;
    if (error instanceof PlatformError) return "platform-unavailable";
    if (error instanceof StoreError) return "store-unavailable";
    this.#setup.bug(error);
    return "busy";
  }
}
