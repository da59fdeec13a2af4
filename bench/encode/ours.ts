/** Component tables and their replication: rows are revealed to those who see them. */
import { angle16, component, f32, revealed, type Component } from "../../contracts/sdk/index.ts";
import { layoutsOf } from "../../contracts/sdk/components.ts";
import { RoomTables } from "../../contracts/sdk/room-tables.ts";
import { Entities, type EntityViewer } from "../../server/enclave/room/entities/entities.ts";
import type { Member } from "../../server/enclave/room/members.ts";
import { Viewpoints } from "../../server/enclave/room/viewpoints.ts";
import { quantiseAngle, wireTables } from "../../server/protocol/entities/layout.ts";
import { decodeEntities } from "../../server/protocol/entities/message.ts";
import type { PlayerId } from "../../server/protocol/identity.ts";
import { rowText, type Encoding, type Reader, type Scene } from "./scene.ts";

const turn = (2 * Math.PI) / 65_536;

export class OurEncoding implements Encoding {
  readonly #scene: Scene;
  readonly #rooms: RoomTables;
  readonly #body: Component<{ x: typeof f32; z: typeof f32; heading: typeof angle16 }>;
  readonly #entities: Entities;
  readonly #viewers: readonly EntityViewer[];
  readonly #members: readonly Member[];
  readonly #viewpoints = new Viewpoints();
  readonly #tables;
  #tick = 0;

  constructor(scene: Scene) {
    const { players, seen } = scene;
    this.#scene = scene;
    this.#body = component({ x: f32, z: f32, heading: angle16 }, { capacity: players, audience: revealed(players) });
    const components = { Body: this.#body };
    const tables = layoutsOf(components);
    this.#tables = wireTables(tables);
    this.#rooms = new RoomTables(components, new Uint8Array(RoomTables.lengthOf(components)));
    this.#entities = new Entities({ tables, pace: "ticks", frameBytes: 0 });
    const idOf = (seat: number): PlayerId => String(seat).padStart(32, "0") as PlayerId;
    this.#viewers = seen.map((_, seat) => ({ player: idOf(seat), seat: { seat }, buffered: 0 }));
    this.#members = seen.map((_, seat) => ({ id: idOf(seat), seat, name: "", present: true, pauseLeftMs: 0 }));
    this.#rooms.show();
    for (let row = 0; row < players; row++) this.#body.spawn();
    seen.forEach((rows, seat) => rows.forEach((row) => this.#body.reveal(row, seat)));
  }

  take(): void {
    const { x, z, heading, players } = this.#scene;
    this.#body.x.set(x);
    this.#body.z.set(z);
    for (let i = 0; i < players; i++) this.#body.heading[i] = heading[i]! * turn;
  }

  encode(keep?: (viewer: number, bytes: Uint8Array) => void): number {
    const members = { at: (seat: number) => this.#members[seat] };
    const scene = {
      tick: (this.#tick += 1),
      region: this.#rooms.region,
      members,
      viewpoints: this.#viewpoints,
      busy: true,
    };
    this.#entities.look(scene);
    let total = 0;
    for (let viewer = 0; viewer < this.#viewers.length; viewer++) {
      const bytes = this.#entities.tell(this.#viewers[viewer]!, scene)!;
      total += bytes.length;
      keep?.(viewer, bytes);
    }
    return total;
  }

  reader(): Reader {
    const rows = new Map<number, [number, number, number]>();
    const set = (id: number, values: readonly (number | Uint8Array)[], mask: number): void => {
      const row = rows.get(id) ?? [0, 0, 0];
      let next = 0;
      for (let i = 0; i < 3; i++) if ((mask & (1 << i)) !== 0) row[i] = values[next++] as number;
      rows.set(id, row);
    };
    return {
      read: (bytes) => {
        for (const { leaves, enters, updates } of decodeEntities(bytes, this.#tables).blocks) {
          for (const id of leaves) rows.delete(id);
          for (const { id, values } of enters) set(id, values, 7);
          for (const { id, mask, values } of updates) set(id, values, mask);
        }
      },
      rows: () => Array.from(rows.values(), ([x, z, heading]) => rowText(x, z, quantiseAngle(heading))).sort(),
    };
  }
}
