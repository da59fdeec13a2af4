/**
 * Tells viewers of a room's rows. What one viewer gets follows from the rows, from where that player looks, and from what
 * this connection was told before; from nothing else.
 *
 * Once a boundary all tables are compared with what they were; each row that changed is encoded at most once for all who
 * get it whole or as a change, and copied for each.
 */
import { wireTables, type WireTable } from "#protocol/entities/layout.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { entitiesLengthMax, frameHeaderLength } from "#protocol/limits.ts";
import type { Manifest } from "#protocol/manifest.ts";
import { choicesOf, placeTables } from "#protocol/tables.ts";
import { blockOverhead, Draft, idMax } from "./draft.ts";
import { RecordBuffer, Records } from "./records.ts";
import { SharedRows } from "./shared-rows.ts";
import { Sight, type Beholder } from "./sight.ts";
import { TableRows } from "./table-rows.ts";
import { Teller, ToldRows, type ShownTable } from "./teller.ts";
import type { Members } from "../members.ts";
import type { Viewpoints } from "../viewpoints.ts";

/** Somebody to tell. What this viewer was told before is kept for as long as this very object is. */
export interface EntityViewer {
  readonly player: PlayerId;
  /** Undefined for a spectator. */
  readonly seat: { readonly seat: number } | undefined;
  /** Bytes that wait for this viewer's client, as the gateway says: a hint, and not to be trusted. */
  readonly buffered: number;
}

/** How a room is at one boundary. */
export interface Scene {
  readonly tick: number;
  /** All tables of the room. */
  readonly region: Uint8Array;
  readonly members: Pick<Members, "at">;
  readonly viewpoints: Pick<Viewpoints, "focusOf" | "teamOf">;
  /** Whether something happened that the host can see came in. */
  readonly busy: boolean;
  /** What became of each seat's input rows; absent where there are none. */
  readonly inputs?: Acknowledgements;
}

export interface Acknowledgements {
  readonly any: boolean;
  /** Number of the newest row that was used. */
  applied(seat: number): number;
  /** How long the row that the last tick used had waited, in units of a tick. */
  ahead(seat: number): number;
}

/** What is kept of one viewer. */
interface Told {
  readonly rows: ToldRows;
  /** In rooms of fixed frame size that do not tick: messages that are still owed, whether or not they say anything. */
  owed: number;
  /** Number of the newest input row that this viewer knows was used. */
  applied: number;
}

/** A client that is so far behind gets nothing until it has caught up, and then what is newest. */
const behindMax = 128 * 1024;
/** One that is behind at all gets this part of what others get. */
const slowShare = 4;

export class Entities {
  readonly #manifest: Pick<Manifest, "pace" | "frameBytes" | "input">;
  readonly #names: readonly string[];
  /** Tables that somebody may see, or look from. */
  readonly #tables: readonly (TableRows | undefined)[];
  readonly #shown: readonly ShownTable[];
  readonly #buffer = new RecordBuffer();
  readonly #teller: Teller;
  readonly #told = new WeakMap<EntityViewer, Told>();
  readonly #beholder = { seat: -1, team: Number.NaN, x: Number.NaN, z: Number.NaN };
  /** Whether it matters where players look from, or in which team they are. */
  readonly #hasViewpoints: boolean;
  /** Bytes of one message. */
  readonly #room: number;
  /** Messages that any change of all rows fits into. */
  readonly #most: number;
  #look = 0;

  constructor(manifest: Pick<Manifest, "tables" | "pace" | "frameBytes" | "input">) {
    const { tables, frameBytes } = manifest;
    const placed = placeTables(tables).tables;
    this.#manifest = manifest;
    this.#names = tables.map(({ name }) => name);
    this.#tables = wireTables(tables).map((wire, i) =>
      wire.shown || tables[i]!.position !== null ? new TableRows(wire, tables[i]!, placed[i]!) : undefined,
    );
    this.#shown = this.#tables.flatMap((rows) => (rows?.wire.shown === true ? [this.#show(rows)] : []));
    this.#room = Math.min(frameBytes > 0 ? frameBytes - frameHeaderLength : Infinity, entitiesLengthMax);
    this.#most = Math.ceil(this.#shown.reduce((sum, { rows }) => sum + longest(rows.wire), 0) / this.#room);
    const choices = tables.flatMap(({ audience }) => choicesOf(audience));
    this.#hasViewpoints = choices.some(({ who }) => who === "near" || who === "team");
    this.#teller = new Teller(this.#shown, this.#room);
  }

  #show(rows: TableRows): ShownTable {
    const records = new Records(rows, this.#buffer);
    const shared = rows.layout.audience.who === "everyone" ? new SharedRows(rows, records) : undefined;
    const sight = new Sight(rows, this.#manifest.pace === "ticks");
    return { rows, records, shared, draft: new Draft(rows, records), sight };
  }

  /** Whether there is anything that anybody may ever be told. */
  get any(): boolean {
    return this.#shown.length > 0 || this.#manifest.input !== undefined;
  }

  /** Compares all rows with those of the last time. After it each viewer is told, once. */
  look({ tick, region }: Scene): void {
    this.#look += 1;
    this.#buffer.begin();
    for (const rows of this.#tables) rows?.look(region, this.#look);
    for (const { sight, shared } of this.#shown) {
      if (shared === undefined) sight.prepare();
      else shared.prepare(this.#look);
    }
    this.#teller.begin(tick, this.#look);
  }

  /**
   * The body of a message to this viewer, overwritten by the next one's. Undefined if there is nothing to say.
   *
   * @param full the way to the viewer is: what is not said now is said later, and newer.
   */
  tell(viewer: EntityViewer, scene: Scene, full = false): Uint8Array | undefined {
    const told = this.#toldTo(viewer);
    const steady = this.#isSteady(told, scene.busy);
    // In rooms of fixed frame size the host must not be able to make a frame stay away: that too would tell it something.
    if (!steady && (full || viewer.buffered >= behindMax)) {
      this.#teller.skip(told.rows);
      return undefined;
    }
    const room = !steady && viewer.buffered > 0 ? Math.floor(this.#room / slowShare) : this.#room;
    const news = this.#acknowledge(told, viewer, scene.inputs);
    const length = this.#teller.write(told.rows, this.#behold(viewer, scene), room);
    const says = news || length > this.#teller.headerLength;
    return steady || says ? this.#teller.bytes.subarray(0, length) : undefined;
  }

  /** Puts into the next message's header what became of this viewer's own rows. Returns whether that is news. */
  #acknowledge(told: Told, { seat }: EntityViewer, inputs: Acknowledgements | undefined): boolean {
    if (seat === undefined || inputs?.any !== true) {
      this.#teller.acknowledgeNothing();
      return false;
    }
    const applied = inputs.applied(seat.seat);
    this.#teller.acknowledge(applied, inputs.ahead(seat.seat));
    const news = applied !== told.applied;
    told.applied = applied;
    return news;
  }

  /** Whether this viewer is to be told more at the next boundary, whatever happens. */
  owes(viewer: EntityViewer): boolean {
    const told = this.#told.get(viewer);
    return told !== undefined && (told.owed > 0 || told.rows.left);
  }

  #toldTo(viewer: EntityViewer): Told {
    let told = this.#told.get(viewer);
    if (told === undefined) {
      told = { rows: new ToldRows(this.#shown), owed: this.#most, applied: 0 };
      this.#told.set(viewer, told);
    }
    return told;
  }

  /** Whether a frame of fixed size leaves now. How many do follows from what the host knows, not from what there is to say. */
  #isSteady(told: Told, busy: boolean): boolean {
    const { pace, frameBytes } = this.#manifest;
    if (frameBytes === 0) {
      told.owed = 0;
      return false;
    }
    if (pace === "ticks") {
      told.owed = 0;
      return true;
    }
    if (busy) told.owed = this.#most;
    if (told.owed === 0) return false;
    told.owed -= 1;
    return true;
  }

  #behold({ seat, player }: EntityViewer, { members, viewpoints }: Scene): Beholder {
    const beholder = this.#beholder;
    beholder.seat = -1;
    beholder.team = Number.NaN;
    beholder.x = Number.NaN;
    beholder.z = Number.NaN;
    // As far as the room has been told, somebody else may still sit there.
    if (seat === undefined || members.at(seat.seat)?.id !== player) return beholder;
    beholder.seat = seat.seat;
    if (!this.#hasViewpoints) return beholder;
    beholder.team = viewpoints.teamOf(player) ?? Number.NaN;
    const focus = viewpoints.focusOf(player);
    if (focus === null) return beholder;
    const rows = this.#tables[this.#names.indexOf(focus.table)];
    if (rows === undefined || !rows.holds(focus.row, focus.generation)) return beholder;
    beholder.x = rows.xs[focus.row] ?? Number.NaN;
    beholder.z = rows.zs[focus.row] ?? Number.NaN;
    return beholder;
  }
}

/** Of all that can be said of a table at once: everything leaves, everything is new, and all of it is the viewer's own. */
const longest = ({ capacity, rowMax }: WireTable): number => capacity * (rowMax + 3 * idMax) + blockOverhead;
