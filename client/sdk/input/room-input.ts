/** The one input of a room: made when the page asks for it, and the same whenever it asks again. */
import type { Rows } from "#contract/components.ts";
import type { Environment } from "../environment.ts";
import type { EntityStore } from "../entities/entity-store.ts";
import type { Input } from "./input.ts";
import type { Predictor } from "./predictor.ts";
import { InputSender } from "./sender.ts";

export interface RoomInputSetup {
  /** Undefined where nobody gave any components. */
  readonly entities: EntityStore | undefined;
  readonly environment: Pick<Environment, "now" | "after">;
  /** Whether the room goes on, hears us, and has a seat for us. */
  readonly running: () => boolean;
  readonly send: (rows: Uint8Array) => void;
}

export class RoomInput {
  readonly #setup: RoomInputSetup;
  #made: { readonly sender: InputSender; readonly component: Rows } | undefined;

  constructor(setup: RoomInputSetup) {
    this.#setup = setup;
  }

  /** @throws TypeError if there is another already, or this component is none of the room's or can be no input. */
  of<C extends Rows>(component: C, hz: number, predictor: Predictor | undefined): Input<C> {
    const { entities } = this.#setup;
    const table = entities?.indexOf(component) ?? -1;
    if (entities === undefined || table === -1) throw new TypeError("this component was not among those given to join");
    if (this.#made !== undefined && this.#made.component !== component)
      throw new TypeError("a room has one input, and this is another component");
    const sender = this.#made?.sender ?? this.#make(entities, table, hz, predictor);
    this.#made = { sender, component };
    entities.input = sender;
    // Its fields are those of the very component that it was made from.
    return sender as unknown as Input<C>;
  }

  /** Begins to send, or goes on. */
  start(): void {
    this.#made?.sender.start();
  }

  stop(): void {
    this.#made?.sender.stop();
  }

  reconnected(): void {
    this.#made?.sender.reconnected();
  }

  #make(entities: EntityStore, table: number, hz: number, predictor: Predictor | undefined): InputSender {
    const { environment, running, send } = this.#setup;
    const { now, after } = environment;
    return new InputSender({
      layouts: entities.layouts,
      table: entities.layouts[table]!.name,
      hz,
      predictor,
      indexOf: (one) => entities.indexOf(one),
      now,
      after,
      running,
      seen: () => entities.drawnTick,
      send,
    });
  }
}
