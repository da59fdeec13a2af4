/** Rows without a room: components in plain memory, the worker's replication, and readers that keep what they are told. */
import { checkManifest } from "#protocol/manifest.ts";
import { decodeEntities, encodeEntities, type EntitiesBody } from "#protocol/entities/message.ts";
import { wireTables, type WireTable } from "#protocol/entities/layout.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { layoutsOf, type Components, type Rows } from "#contract/components.ts";
import { RoomTables } from "#contract/room-tables.ts";
import type { Entity } from "#contract/abi.ts";
import { Entities, type EntityViewer, type Scene } from "#enclave/room/entities/entities.ts";
import type { Member } from "#enclave/room/members.ts";
import { Viewpoints } from "#enclave/room/viewpoints.ts";

export interface Told {
  readonly bytes: Uint8Array;
  readonly body: EntitiesBody;
}

/** One client: what it was told, and the rows that this adds up to. */
export class Reader implements EntityViewer {
  readonly player: PlayerId;
  readonly seat: { readonly seat: number } | undefined;
  buffered = 0;
  readonly told: Told[] = [];
  /** By table: the rows it knows, by id. Fields by name. */
  readonly rows: Map<number, Record<string, unknown>>[];
  readonly mine: (readonly number[])[];
  readonly #tables: readonly WireTable[];

  constructor(tables: readonly WireTable[], seat: number | undefined) {
    this.#tables = tables;
    this.player = playerOf(seat ?? 99);
    this.seat = seat === undefined ? undefined : { seat };
    this.rows = tables.map(() => new Map());
    this.mine = tables.map(() => []);
  }

  take(bytes: Uint8Array): void {
    const body = decodeEntities(bytes, this.#tables);
    this.told.push({ bytes: bytes.slice(), body });
    for (const { table, leaves, enters, updates, mine } of body.blocks) {
      const { fields } = this.#tables[table]!;
      const rows = this.rows[table]!;
      for (const id of leaves) if (!rows.delete(id)) throw new Error(`leaves without being there: ${id}`);
      for (const { id, values } of enters) {
        if (rows.has(id)) throw new Error(`is there already: ${id}`);
        rows.set(id, Object.fromEntries(fields.map(({ name }, i) => [name, plain(values[i]!)])));
      }
      for (const { id, mask, values } of updates) {
        const row = rows.get(id);
        if (row === undefined) throw new Error(`changes without being there: ${id}`);
        let next = 0;
        fields.forEach(({ name }, i) => {
          if ((mask & (1 << i)) !== 0) row[name] = plain(values[next++]!);
        });
      }
      if (mine !== undefined) this.mine[table] = mine;
    }
  }

  get last(): Told | undefined {
    return this.told.at(-1);
  }
}

const plain = (value: number | Uint8Array): number | string =>
  typeof value === "number" ? value : new TextDecoder().decode(value);

export const playerOf = (seat: number): PlayerId => String(seat).padStart(32, "0") as PlayerId;

export interface StageOptions {
  readonly hz?: number;
  readonly pace?: "turns" | "ticks";
  readonly frameBytes?: number;
  readonly seats?: number;
}

export class EntityStage {
  readonly tables: readonly WireTable[];
  readonly entities: Entities;
  readonly viewpoints = new Viewpoints();
  readonly readers: Reader[] = [];
  /** Who is in a seat, as far as the room has been told. */
  readonly members = new Map<number, Member>();
  tick = 0;
  /** Whether what is written must be the only encoding of what is read. */
  checked = true;
  /** Whether players push, and are told what became of it: one row at each boundary. */
  acknowledged = false;
  readonly #rooms: RoomTables;
  readonly #components: Components;

  constructor(components: Components, { hz = 20, pace = "ticks", frameBytes = 0, seats = 8 }: StageOptions = {}) {
    this.#components = components;
    const terms = { spectators: 9, pace, hz: pace === "turns" ? 50 : hz, presence: "any", graceMs: 0, pauseMs: 0 };
    const { tables } = checkManifest({
      ...terms,
      abi: "room-wasm v1",
      name: "stage",
      players: { min: 1, max: seats },
      options: {},
      frameBytes,
      memoryPages: 64,
      fuel: 1e6,
      tables: layoutsOf(components),
    });
    this.tables = wireTables(tables);
    this.entities = new Entities({ tables, pace, frameBytes });
    this.#rooms = new RoomTables(components, new Uint8Array(RoomTables.lengthOf(components)));
  }

  /** All rows, as they lie in memory. */
  get region(): Uint8Array {
    return this.#rooms.region;
  }

  /** The rules do something. */
  inside<T>(act: () => T): T {
    this.#rooms.show();
    try {
      return act();
    } finally {
      this.#rooms.hide();
    }
  }

  join(seat: number): Reader {
    this.inside(() => {
      for (const rows of Object.values(this.#components)) rows.hideFrom(seat);
    });
    const member = { id: playerOf(seat), seat, name: "", present: true, pauseLeftMs: 0 };
    this.members.set(seat, member);
    return this.connect(seat);
  }

  /** @param seat undefined for a spectator. */
  connect(seat: number | undefined): Reader {
    const reader = new Reader(this.tables, seat);
    this.readers.push(reader);
    return reader;
  }

  focus(seat: number, entity: Entity | null): void {
    this.viewpoints.focus(playerOf(seat), entity);
  }

  /** The way to everybody is full. */
  full = false;

  /** One boundary: everybody is told. */
  step(act?: () => void, busy = false): void {
    if (act !== undefined) this.inside(act);
    this.tick += 1;
    const members = { at: (seat: number) => this.members.get(seat) };
    const inputs = { any: true, applied: () => this.tick, ahead: () => 1 };
    const { viewpoints, tick } = this;
    const common = { tick, region: this.#rooms.region, members, viewpoints, busy };
    const scene: Scene = this.acknowledged ? { ...common, inputs } : common;
    this.entities.look(scene);
    for (const reader of this.readers) {
      const bytes = this.entities.tell(reader, scene, this.full);
      if (bytes === undefined) continue;
      reader.take(bytes);
      if (this.checked) checkCanonical(reader.last!, this.tables);
    }
  }

  /** What a reader knows of a component. */
  seen(reader: Reader, component: Rows): Map<number, Record<string, unknown>> {
    return reader.rows[this.#index(component)]!;
  }

  mine(reader: Reader, component: Rows): readonly number[] {
    return reader.mine[this.#index(component)]!;
  }

  #index(component: Rows): number {
    return Object.keys(this.#components)
      .sort()
      .findIndex((name) => this.#components[name] === component);
  }
}

/** There is one encoding, and the worker's is it. */
function checkCanonical({ bytes, body }: Told, tables: readonly WireTable[]): void {
  const again = encodeEntities(body, tables);
  if (Buffer.compare(again, bytes) !== 0) throw new Error(`not canonical: ${Buffer.from(bytes).toString("hex")}`);
}
