/** Avatars out of a room's rows: bodies that move, and looks that belong to them. */
import type { ColumnsOf, Entities } from "#client/entities/entities.ts";
import { clips } from "#phala-world/codes.ts";
import type { Body, Look } from "#phala-world/components.ts";
import { plainLook } from "../avatars/look.ts";
import type { Avatar } from "../port.ts";
import { lookOf } from "./looks.ts";

export class People {
  /** By seat: that is how rows of two components belong together. */
  readonly avatars = new Map<number, Avatar>();
  readonly #bodies: Entities<typeof Body>;
  readonly #looks: Entities<typeof Look>;
  readonly #seconds: number;
  /** Seats whose bodies and whose looks are in sight. */
  readonly #lookIds = new Map<number, number>();

  /** @param hz boundaries a second. */
  constructor(bodies: Entities<typeof Body>, looks: Entities<typeof Look>, hz: number) {
    this.#bodies = bodies;
    this.#looks = looks;
    this.#seconds = 1 / hz;
    bodies.on("enter", (id) => this.#appear(id));
    bodies.on("leave", (id) => this.avatars.delete(bodies.columns.seat[id]!));
    looks.on("enter", (id) => this.#dress(id));
    looks.on("change", (id) => this.#dress(id));
    looks.on("leave", (id) => this.#lookIds.delete(looks.columns.seat[id]!));
    for (const id of looks.ids) this.#dress(id);
    for (const id of bodies.ids) this.#appear(id);
  }

  /** Moves everybody to where they are drawn now. */
  move(): void {
    const shown = this.#bodies.shown();
    for (const id of this.#bodies.ids) {
      const avatar = this.avatars.get(shown.seat[id]!);
      if (avatar !== undefined) this.#place(avatar, shown, id);
    }
  }

  /** Where the room last said that the body in this seat is. */
  told(seat: number): { readonly x: number; readonly z: number } | undefined {
    const { columns } = this.#bodies;
    const id = this.#bodies.ids.find((row) => columns.seat[row] === seat);
    return id === undefined ? undefined : { x: columns.x[id]!, z: columns.z[id]! };
  }

  #appear(id: number): void {
    const { columns } = this.#bodies;
    const seat = columns.seat[id]!;
    const avatar: Avatar = { id: seat, name: "", look: plainLook, x: 0, z: 0, heading: 0, clip: "idle", since: 0 };
    this.#place(avatar, columns, id);
    this.avatars.set(seat, avatar);
    const look = this.#lookIds.get(seat);
    if (look !== undefined) this.#wear(avatar, look);
  }

  #dress(id: number): void {
    const seat = this.#looks.columns.seat[id]!;
    this.#lookIds.set(seat, id);
    const avatar = this.avatars.get(seat);
    if (avatar !== undefined) this.#wear(avatar, id);
  }

  #wear(avatar: Avatar, id: number): void {
    const { columns } = this.#looks;
    const { name, race, coat, light, head, chest, handR, back, handL, face } = columns;
    avatar.name = name.get(id);
    avatar.look = lookOf({
      race: race[id]!,
      coat: coat[id]!,
      light: light[id]!,
      head: head[id]!,
      chest: chest[id]!,
      handR: handR[id]!,
      back: back[id]!,
      handL: handL[id]!,
      face: face[id]!,
    });
  }

  #place(avatar: Avatar, columns: ColumnsOf<typeof Body>, id: number): void {
    avatar.x = columns.x[id]!;
    avatar.z = columns.z[id]!;
    avatar.heading = columns.heading[id]!;
    avatar.clip = clips[columns.clip[id]!] ?? "idle";
    avatar.since = columns.since[id]! * this.#seconds;
  }
}
