/** All rows that one connection sees, by component. Kept up to date by the room's messages, each of which is checked. */
import { decodeEntities } from "#protocol/entities/message.ts";
import { ticksApart, type TableLayout } from "#protocol/tables.ts";
import { wireTables, type WireTable } from "#protocol/entities/layout.ts";
import { layoutsOf, type Components, type Rows } from "#contract/components.ts";
import type { Ahead } from "./drawing.ts";
import type { Entities } from "./entities.ts";
import type { InputSender } from "../input/sender.ts";
import { EntityRows } from "./entity-rows.ts";
import { Playback } from "./playback.ts";

/** So seldom a row is told of that moves, if the link is slow; in rooms where nothing is far, too. */
const slowPerSecond = 5;

export class EntityStore {
  /** Of all components, by name. */
  readonly layouts: readonly TableLayout[];
  readonly #tables: readonly WireTable[];
  readonly #rows: readonly EntityRows[];
  readonly #byComponent = new Map<Rows, EntityRows>();
  readonly #playback: Playback;
  readonly #now: () => number;
  /** What the player pushes, if anything: it is told first of what the room says. */
  input: InputSender | undefined;

  /**
   * @param components as the contract lists them.
   * @param hz boundaries per second.
   * @param now monotonic, in ms.
   * @throws TypeError if one of them is no component.
   */
  constructor(components: Components, hz: number, now: () => number) {
    const layouts = layoutsOf(components);
    this.#now = now;
    this.layouts = layouts;
    this.#playback = new Playback(hz);
    this.#tables = wireTables(layouts);
    const slow = Math.max(1, Math.round(hz / slowPerSecond));
    this.#rows = this.#tables.map(
      (table, i) =>
        new EntityRows(
          table,
          Math.max(slow, ticksApart(layouts[i]!.audience)),
          () => this.#playback.at(now()),
          (id) => this.#ahead(table.index, id),
        ),
    );
    this.#rows.forEach((rows, i) => this.#byComponent.set(components[layouts[i]!.name]!, rows));
  }

  /** @throws TypeError if it was not among the components. */
  of<C extends Rows>(component: C): Entities<C> {
    const rows = this.#byComponent.get(component);
    if (rows === undefined) throw new TypeError("this component was not among the components given to join");
    // Columns are named and typed by the very component that they were made from.
    return rows as unknown as Entities<C>;
  }

  /** The place of a component among the layouts; -1 if it is none of these. */
  indexOf(component: Rows): number {
    return this.#rows.indexOf(this.#byComponent.get(component)!);
  }

  /** The tick that is drawn now, with fractions. */
  get drawnTick(): number {
    return this.#playback.at(this.#now());
  }

  /** How far behind the newest news rows are drawn, in ms. */
  get delayMs(): number {
    return this.#playback.delayMs;
  }

  /** @throws ProtocolError "malformed": the channel cannot go on. */
  apply(body: Uint8Array): void {
    const { tick, acknowledged, blocks } = decodeEntities(body, this.#tables);
    this.#playback.arrived(tick, this.#now());
    const tell = blocks.map((block) => this.#rows[block.table]!.apply(tick, block));
    if (acknowledged !== undefined && this.input !== undefined) {
      const owned = new Set(this.#rows.flatMap(({ own }, table) => (own === undefined ? [] : [table])));
      this.input.told(tick, acknowledged, owned, (table, field) => this.#rows[table]!.own!(field));
    }
    for (const listeners of tell) listeners();
  }

  #ahead(table: number, id: number): Ahead | undefined {
    const own = this.input?.own;
    if (own === undefined || !own.owns(table)) return undefined;
    const now = this.#now();
    return { id, value: (field) => own.drawn(table, field, now) };
  }

  /** A new connection starts from nothing. */
  rebase(): void {
    this.#playback.restart();
    for (const rows of this.#rows) rows.clear();
  }
}
