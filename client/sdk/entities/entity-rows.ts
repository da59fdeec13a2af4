/** The rows of one table as this connection knows them. */
import type { EntityBlock } from "#protocol/entities/message.ts";
import type { WireTable } from "#protocol/entities/layout.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { Rows } from "#contract/components.ts";
import { Emitter } from "../emitter.ts";
import type { ColumnsOf, Entities, EntityEvents } from "./entities.ts";
import { named, newColumn, put, type Column } from "./columns.ts";
import { Drawing, type Ahead } from "./drawing.ts";

export class EntityRows implements Entities {
  readonly #table: WireTable;
  readonly #moment: () => number;
  readonly #spacingMax: number;
  readonly #emitter = new Emitter<EntityEvents>();
  readonly #used: Uint8Array;
  readonly #columns: readonly Column[];
  readonly columns: ColumnsOf<Rows>;
  #ids: readonly number[] | undefined = [];
  #mine: readonly number[] = [];
  #size = 0;
  /** Of the newest news. */
  #tick = 0;
  #drawing: Drawing | undefined;
  readonly #ahead: (id: number) => Ahead | undefined;

  /**
   * @param spacingMax ticks between two news of a row that is told of seldom.
   * @param moment the tick to draw, with fractions.
   * @param ahead what is predicted of the player's own row.
   */
  constructor(
    table: WireTable,
    spacingMax: number,
    moment: () => number,
    ahead: (id: number) => Ahead | undefined = () => undefined,
  ) {
    this.#table = table;
    this.#ahead = ahead;
    this.#moment = moment;
    this.#spacingMax = spacingMax;
    this.#used = new Uint8Array(table.capacity);
    this.#columns = table.fields.map(({ wire }) => newColumn(table.capacity, wire.kind === "text"));
    this.columns = named(table, this.#columns);
  }

  get size(): number {
    return this.#size;
  }

  get ids(): readonly number[] {
    if (this.#ids === undefined) {
      const ids: number[] = [];
      for (let id = 0; ids.length < this.#size; id++) if (this.#used[id] === 1) ids.push(id);
      this.#ids = ids;
    }
    return this.#ids;
  }

  get mine(): readonly number[] {
    return this.#mine;
  }

  has(id: number): boolean {
    return this.#used[id] === 1;
  }

  on<Name extends keyof EntityEvents>(name: Name, listener: (...values: EntityEvents[Name]) => void): () => void {
    return this.#emitter.on(name, listener);
  }

  shown(): ColumnsOf<Rows> {
    this.#drawing ??= new Drawing(this.#table, this.#columns, this.#spacingMax, this.ids, this.#tick);
    const [own] = this.#mine;
    return this.#drawing.at(this.#moment(), this.ids, own === undefined ? undefined : this.#ahead(own));
  }

  /**
   * Takes over what changed. Returns how to tell of it when everything is in place; of what leaves it tells at once.
   *
   * @throws ProtocolError "malformed" for ids that are not in use, or are already.
   */
  apply(tick: number, { leaves, enters, updates, mine }: EntityBlock): () => void {
    this.#tick = tick;
    this.#leave(leaves);
    for (const { id, values } of enters) {
      this.#check(this.#used[id] === 0);
      this.#used[id] = 1;
      this.#size += 1;
      values.forEach((value, field) => put(this.#columns[field]!, id, value));
      this.#drawing?.enter(id, tick);
    }
    for (const { id, mask, values } of updates) {
      this.#check(this.#used[id] === 1);
      let next = 0;
      for (let field = 0; field < this.#columns.length; field++) {
        if ((mask & (1 << field)) !== 0) put(this.#columns[field]!, id, values[next++]!);
      }
      this.#drawing?.change(id, tick);
    }
    if (leaves.length + enters.length > 0) this.#ids = undefined;
    if (mine !== undefined) {
      for (const id of mine) this.#check(this.#used[id] === 1);
      this.#mine = mine;
    }
    return () => {
      for (const { id } of enters) this.#emitter.emit("enter", id);
      for (const { id, mask } of updates) this.#emitter.emit("change", id, mask);
    };
  }

  /** A number of the player's own row, as the room last said it; undefined if there is no such row. */
  get own(): ((field: number) => number) | undefined {
    const [id] = this.#mine;
    if (id === undefined) return undefined;
    return (field) => {
      const column = this.#columns[field]!;
      return column instanceof Float64Array ? column[id]! : 0;
    };
  }

  /** Everything is out of sight. */
  clear(): void {
    const { ids } = this;
    this.#used.fill(0);
    this.#size = 0;
    this.#ids = [];
    this.#mine = [];
    for (const id of ids) this.#emitter.emit("leave", id);
  }

  /** Listeners are told at once: soon the id may be another row's. */
  #leave(leaves: readonly number[]): void {
    if (leaves.length === 0) return;
    for (const id of leaves) {
      this.#check(this.#used[id] === 1);
      this.#used[id] = 0;
    }
    this.#size -= leaves.length;
    this.#ids = undefined;
    this.#mine = this.#mine.filter((id) => this.#used[id] === 1);
    for (const id of leaves) this.#emitter.emit("leave", id);
  }

  #check(fits: boolean): void {
    if (!fits) throw new ProtocolError("malformed", `entities: an id of ${this.#table.name}`);
  }
}
