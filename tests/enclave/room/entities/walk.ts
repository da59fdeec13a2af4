import { component, everyone, f32, near, range } from "#contract/index.ts";
import { layoutsOf } from "#contract/components.ts";
import { RoomTables } from "#contract/room-tables.ts";
import { Entities } from "#enclave/room/entities/entities.ts";
import type { Member } from "#enclave/room/members.ts";
import { Viewpoints } from "#enclave/room/viewpoints.ts";
import { dataLead } from "#protocol/envelope.ts";
import { linkKinds, LinkWriter } from "#protocol/link.ts";
import { encodeWorkerMessage } from "#protocol/message.ts";
import { channelsOf } from "../../../protocol/support/channels.ts";
import { suites } from "../../../protocol/support/suites.ts";
import { playerOf } from "./stage.ts";

export const players = 100;

/** A hundred players on a field, who all move and see most of each other. */
export class Walk {
  /** Bytes of what everybody was told. */
  told = 0;
  readonly #body = component(
    { x: f32, z: f32, speed: range(0, 4, 8) },
    { capacity: players, audience: near(60, { full: 20, far: 4 }), position: true },
  );
  readonly #score = component({ points: f32 }, { capacity: players, audience: everyone });
  readonly #rooms: RoomTables;
  readonly #entities: Entities;
  readonly #viewpoints = new Viewpoints();
  readonly #members: readonly Member[];
  readonly #viewers = Array.from({ length: players }, (_, seat) => ({
    player: playerOf(seat),
    seat: { seat },
    buffered: 0,
  }));
  readonly #tell: (body: Uint8Array) => void;
  #tick = 0;

  /** @param tell what is done with the body of each message. */
  constructor(tell: (body: Uint8Array) => void = () => undefined) {
    const components = { Body: this.#body, Score: this.#score };
    this.#tell = tell;
    this.#rooms = new RoomTables(components, new Uint8Array(RoomTables.lengthOf(components)));
    this.#entities = new Entities({ tables: layoutsOf(components), pace: "ticks", frameBytes: 0 });
    const common = { name: "", present: true, pauseLeftMs: 0 };
    this.#members = Array.from({ length: players }, (_, seat) => ({ id: playerOf(seat), seat, ...common }));
    this.#inside(() => {
      for (let seat = 0; seat < players; seat++) {
        this.#viewpoints.focus(playerOf(seat), this.#body.entity(this.#body.spawn(seat)));
        this.#score.spawn(seat);
      }
    });
    // Everything that grows has its size after it, and code is compiled.
    this.pass(300);
  }

  pass(ticks: number): void {
    this.#inside(() => {
      for (let i = 0; i < ticks; i++) this.#step();
    });
  }

  #step(): void {
    const tick = (this.#tick += 1);
    const [body, score] = [this.#body, this.#score];
    for (let row = 0; row < players; row++) {
      // They walk round one another: some come into sight at every tick, and some go out of it.
      body.x[row] = 40 * Math.cos(tick / 40 + row);
      body.z[row] = 40 * Math.sin(tick / 60 + row * row);
      score.points[row] = tick;
    }
    const { region } = this.#rooms;
    const at = (seat: number): Member | undefined => this.#members[seat];
    const scene = { tick, region, members: { at }, viewpoints: this.#viewpoints, busy: true };
    this.#entities.look(scene);
    for (const viewer of this.#viewers) {
      const said = this.#entities.tell(viewer, scene);
      if (said === undefined) continue;
      this.told += said.length;
      this.#tell(said);
    }
  }

  #inside(work: () => void): void {
    this.#rooms.show();
    work();
    this.#rooms.hide();
  }
}

/** The way of what is told, from there to what a gateway is sent. */
export async function wayOut(): Promise<(body: Uint8Array) => void> {
  const [sodium] = suites;
  const { room } = await channelsOf(1, sodium!);
  const writer = new LinkWriter();
  const taker = { take: (sealed: Uint8Array): void => writer.put(linkKinds.frame, 1, sealed) };
  let waiting = 0;
  return (told) => {
    const { type, body } = encodeWorkerMessage({ type: "entities", body: told });
    room.encryptTo(taker, type, body, 0, dataLead);
    waiting += 1;
    if (waiting % players !== 0) return;
    const batch = writer.take()!;
    writer.giveBack(batch);
  };
}
