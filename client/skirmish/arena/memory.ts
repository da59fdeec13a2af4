/** What the player has seen of the field so far: drawn dimly where nobody looks now. Pure. */
import type { Field } from "#skirmish/field.ts";
import { tile } from "#skirmish/terms.ts";
import type { Light } from "./light.ts";

export class Memory {
  readonly field: Field;
  /** 1 for a tile that was seen. */
  readonly seen: Uint8Array;

  constructor(field: Field) {
    this.field = field;
    this.seen = new Uint8Array(field.tiles * field.tiles);
  }

  /** Walls that the light falls on, and floor that its lines pass near the player's side of their ends. */
  take({ outline, walls }: Light, x: number, z: number): void {
    for (const wall of walls) this.seen[wall] = 1;
    const { tiles } = this.field;
    for (let i = 0; i < outline.length; i += 2) {
      const [wayX, wayZ] = [outline[i]! - x, outline[i + 1]! - z];
      const steps = Math.ceil(Math.hypot(wayX, wayZ) / tile);
      for (let step = 0; step < steps; step++) {
        const part = step / steps;
        const [column, row] = [Math.floor((x + wayX * part) / tile), Math.floor((z + wayZ * part) / tile)];
        if (column >= 0 && row >= 0 && column < tiles && row < tiles) this.seen[row * tiles + column] = 1;
      }
    }
  }
}
