/** Dot4 as a careful author would write it for plain Colyseus: validated messages, and views per client for what is secret. */
import { randomBytes } from "node:crypto";
import { Room, validate, type Client, type Delayed } from "@colyseus/core";
import { ArraySchema, StateView } from "@colyseus/schema";
import { KeystreamRandom } from "../../../contracts/sdk/random.ts";
import type { Move, State } from "../../../contracts/dot4/dot4.ts";
import { moveSchema } from "../../../contracts/dot4/moves.ts";
import { openGame, playMove, timeUp, type Host } from "../rules.ts";
import { show } from "./show.ts";
import { Dot4State, ownerTag, SeatState } from "./state.ts";

/** Our own rooms tell what happened every 20 ms. The default here is 50, and would be most of what is measured. */
const patchMs = 20;

export class Dot4Room extends Room<{ state: Dot4State }> {
  override state = new Dot4State();
  override patchRate = patchMs;
  override messages = { move: validate(moveSchema, (client: Client, move: Move) => this.#move(client, move)) };
  readonly #seats = new Map<string, number>();
  readonly #host: Host;
  #game: State | undefined;
  #turnClock: Delayed | undefined;

  constructor() {
    super();
    this.state.board.push(...Array.from({ length: 100 }, () => -1));
    this.#host = {
      random: new KeystreamRandom(randomBytes(32)),
      now: () => this.clock.elapsedTime,
      startClock: (ms) => {
        this.#turnClock?.clear();
        this.#turnClock = this.clock.setTimeout(() => this.#timeUp(), ms);
      },
      stopClock: () => this.#turnClock?.clear(),
    };
  }

  override onJoin(client: Client, options: { readonly name?: unknown; readonly watch?: unknown }): void {
    if (options.watch === true || this.#seats.size === 2) return;
    const seat = new SeatState();
    seat.client = client.sessionId;
    seat.name = typeof options.name === "string" ? options.name.slice(0, 24) : "";
    seat.bombs = new ArraySchema();
    this.#seats.set(client.sessionId, this.state.seats.push(seat) - 1);
    client.view = new StateView();
    client.view.add(seat, ownerTag);
    if (this.#seats.size < 2) return;
    this.#game = openGame(this.#host);
    show(this.#game, this.state);
  }

  override onLeave(client: Client): void {
    client.view?.dispose();
  }

  #move(client: Client, move: Move): void {
    const seat = this.#seats.get(client.sessionId);
    if (seat === undefined || this.#game === undefined) return;
    const refused = playMove(this.#host, this.#game, seat, move);
    if (refused === undefined) show(this.#game, this.state);
    else client.send("refused", refused);
  }

  #timeUp(): void {
    if (this.#game === undefined) return;
    timeUp(this.#host, this.#game);
    show(this.#game, this.state);
  }
}
