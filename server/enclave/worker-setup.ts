/** What a worker is put together from, and what it tells its operator. */
import type { LinkAddress } from "#protocol/link-address.ts";
import type { LineageTerms, WorldManifest } from "#protocol/manifest.ts";
import type { BetweenRoomsEvent } from "./between-rooms.ts";
import type { CollateralDesk } from "./collateral-desk.ts";
import type { ContinuityEvent } from "./continuity.ts";
import type { GatewaysEvent } from "./gateways.ts";
import type { Platform } from "./platform/platform.ts";
import type { Way } from "./requests/https.ts";
import type { AwardDeskEvent } from "./reward/award-desk.ts";
import type { ChainTerms } from "./reward/chain-terms.ts";
import type { RecoveryEvent } from "./recovery.ts";
import type { RoomsLimits } from "./rooms.ts";
import type { LoadedContract } from "./sandbox/sandbox.ts";
import type { UpkeepEvent } from "./upkeep.ts";
import type { OutgoingEvent } from "./vault/outgoing.ts";

export interface WorkerSetup {
  readonly address: LinkAddress;
  readonly world: WorldManifest;
  readonly platform: Platform;
  /** Where the platform asks for the vendor's statements; gateways answer through it. */
  readonly collateral?: CollateralDesk;
  readonly contracts: readonly LoadedContract[];
  /** By which rooms may still be played, but none is made. */
  readonly earlier?: readonly LoadedContract[];
  /** Who may upgrade rooms that begin with a contract, by its hash in hex digits; of others nobody may. */
  readonly terms?: ReadonlyMap<string, LineageTerms>;
  /** On which chain items are. Without one, what players earn is kept for them. */
  readonly chain?: ChainTerms | undefined;
  readonly limits?: RoomsLimits;
  /** How many threads have rooms, said by the first of them. */
  readonly threads?: number;
  /** Whether this one puts what is earned on chain; default true. Of several threads one does, and the others tell it. */
  readonly issues?: boolean;
  /** How servers are asked, in tests. */
  readonly requests?: Omit<Way, "open">;
  /** Events for the operator's log. Holds no name, move, view, key or room id. */
  readonly log: (event: WorkerEvent) => void;
  /** What a contract did wrong, for its author; development only. May hold secrets. */
  readonly fault?: (contract: string, detail: string) => void;
  /** Called between one room's boundary and the next: what a watchdog wants to hear. */
  readonly beat?: () => void;
}

export type WorkerEvent =
  | { readonly event: "contract-faulted"; readonly contract: string }
  | { readonly event: "late"; readonly lateMs: number }
  /** The machine had no memory for a room that may have it; the room is given up. */
  | { readonly event: "machine-gave-out" }
  | { readonly event: "bug"; readonly error: string }
  /** A room whose rules were replaced could not be read back at once; it is when somebody asks for it. */
  | { readonly event: "room-unrenewed"; readonly code: string }
  | GatewaysEvent
  | AwardDeskEvent
  | OutgoingEvent
  | BetweenRoomsEvent
  | ContinuityEvent
  | RecoveryEvent
  | UpkeepEvent;
