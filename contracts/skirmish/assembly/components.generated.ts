/** The tables of ../components.ts, made by `phatroom build`: change that file instead. */
import { declareTables, Entity, freeRow, noSuchRow, textAt, writeTextAt, Writer } from "phatroom/assembly";
import { hideRow, hideRowFromAll, hideRowsFrom, isRowRevealed, revealRow } from "phatroom/assembly";

const region: usize = memory.data(559072, 8);

@inline function Fighter_row(row: i32): usize {
  if (<u32>row >= 1000) {
    noSuchRow("Fighter", row, 1000);
    unreachable();
  }
  return <usize>row;
}

@final @unmanaged class Fighter_readonly_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Fighter_row(row));
  }
}

@final @unmanaged class Fighter_readonly_u16 {
  @inline @operator("[]") get(row: i32): u16 {
    return load<u16>(changetype<usize>(this) + Fighter_row(row) * 2);
  }
}

@final @unmanaged class Fighter_i16 {
  @inline @operator("[]") get(row: i32): i16 {
    return load<i16>(changetype<usize>(this) + Fighter_row(row) * 2);
  }
  @inline @operator("[]=") set(row: i32, value: i16): void {
    store<i16>(changetype<usize>(this) + Fighter_row(row) * 2, value);
  }
}

@final @unmanaged class Fighter_f32 {
  @inline @operator("[]") get(row: i32): f32 {
    return load<f32>(changetype<usize>(this) + Fighter_row(row) * 4);
  }
  @inline @operator("[]=") set(row: i32, value: f32): void {
    store<f32>(changetype<usize>(this) + Fighter_row(row) * 4, value);
  }
}

@final @unmanaged class Fighter_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Fighter_row(row));
  }
  @inline @operator("[]=") set(row: i32, value: u8): void {
    store<u8>(changetype<usize>(this) + Fighter_row(row), value);
  }
}

@final @unmanaged class Fighter_u16 {
  @inline @operator("[]") get(row: i32): u16 {
    return load<u16>(changetype<usize>(this) + Fighter_row(row) * 2);
  }
  @inline @operator("[]=") set(row: i32, value: u16): void {
    store<u16>(changetype<usize>(this) + Fighter_row(row) * 2, value);
  }
}

export namespace Fighter {
  export const capacity: i32 = 1000;
  @inline export const live: Fighter_readonly_u8 = changetype<Fighter_readonly_u8>(region);
  @inline export const generation: Fighter_readonly_u16 = changetype<Fighter_readonly_u16>(region + 1000);
  @inline export const owner: Fighter_i16 = changetype<Fighter_i16>(region + 3000);
  @inline export const x: Fighter_f32 = changetype<Fighter_f32>(region + 5000);
  @inline export const z: Fighter_f32 = changetype<Fighter_f32>(region + 9000);
  @inline export const aim: Fighter_f32 = changetype<Fighter_f32>(region + 13000);
  @inline export const team: Fighter_u8 = changetype<Fighter_u8>(region + 17000);
  @inline export const health: Fighter_u8 = changetype<Fighter_u8>(region + 18000);
  @inline export const seat: Fighter_u16 = changetype<Fighter_u16>(region + 19000);

  /** Takes the lowest free row into use, with 0 in every field. Returns the row, or -1 if none is free. */
  export function spawn(ownerSeat: i32 = -1): i32 {
    const row = freeRow(region, 1000);
    if (row < 0) return -1;
    store<u8>(region + <usize>row, 1);
    store<u16>(region + 1000 + <usize>row * 2, load<u16>(region + 1000 + <usize>row * 2) + 1);
    store<i16>(region + 3000 + <usize>row * 2, <i16>ownerSeat);
    store<f32>(region + 5000 + <usize>row * 4, 0);
    store<f32>(region + 9000 + <usize>row * 4, 0);
    store<f32>(region + 13000 + <usize>row * 4, 0);
    store<u8>(region + 17000 + <usize>row, 0);
    store<u8>(region + 18000 + <usize>row, 0);
    store<u16>(region + 19000 + <usize>row * 2, 0);
    hideRowFromAll(region + 21000, 128, 1000, row);
    return row;
  }

  /** Frees a row. What is in it stays until it is taken into use again. */
  export function despawn(row: i32): void {
    if (<u32>row < 1000) store<u8>(region + <usize>row, 0);
  }

  /** Names the row and its tenant, for `context.focus`. */
  export function entity(row: i32): Entity {
    const generation = load<u16>(region + 1000 + Fighter_row(row) * 2);
    return new Entity("Fighter", row, generation);
  }

  /** Shows a row to the player in a seat. */
  export function reveal(row: i32, seat: i32): void {
    revealRow(region + 21000, 128, 1000, Fighter_row(row), seat);
  }

  export function hide(row: i32, seat: i32): void {
    hideRow(region + 21000, 128, 1000, Fighter_row(row), seat);
  }

  export function isRevealed(row: i32, seat: i32): bool {
    return isRowRevealed(region + 21000, 128, 1000, Fighter_row(row), seat);
  }

  export function hideFromAll(row: i32): void {
    hideRowFromAll(region + 21000, 128, 1000, <i32>Fighter_row(row));
  }

  /** Hides every row from a seat. */
  export function hideFrom(seat: i32): void {
    if (<u32>seat < 1000) hideRowsFrom(region + 21000, 128, seat);
  }
}

@inline function Find_row(row: i32): usize {
  if (<u32>row >= 512) {
    noSuchRow("Find", row, 512);
    unreachable();
  }
  return <usize>row;
}

@final @unmanaged class Find_readonly_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Find_row(row));
  }
}

@final @unmanaged class Find_readonly_u16 {
  @inline @operator("[]") get(row: i32): u16 {
    return load<u16>(changetype<usize>(this) + Find_row(row) * 2);
  }
}

@final @unmanaged class Find_i16 {
  @inline @operator("[]") get(row: i32): i16 {
    return load<i16>(changetype<usize>(this) + Find_row(row) * 2);
  }
  @inline @operator("[]=") set(row: i32, value: i16): void {
    store<i16>(changetype<usize>(this) + Find_row(row) * 2, value);
  }
}

@final @unmanaged class Find_f32 {
  @inline @operator("[]") get(row: i32): f32 {
    return load<f32>(changetype<usize>(this) + Find_row(row) * 4);
  }
  @inline @operator("[]=") set(row: i32, value: f32): void {
    store<f32>(changetype<usize>(this) + Find_row(row) * 4, value);
  }
}

@final @unmanaged class Find_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Find_row(row));
  }
  @inline @operator("[]=") set(row: i32, value: u8): void {
    store<u8>(changetype<usize>(this) + Find_row(row), value);
  }
}

export namespace Find {
  export const capacity: i32 = 512;
  @inline export const live: Find_readonly_u8 = changetype<Find_readonly_u8>(region + 149000);
  @inline export const generation: Find_readonly_u16 = changetype<Find_readonly_u16>(region + 149512);
  @inline export const owner: Find_i16 = changetype<Find_i16>(region + 150536);
  @inline export const x: Find_f32 = changetype<Find_f32>(region + 151560);
  @inline export const z: Find_f32 = changetype<Find_f32>(region + 153608);
  @inline export const kind: Find_u8 = changetype<Find_u8>(region + 155656);

  /** Takes the lowest free row into use, with 0 in every field. Returns the row, or -1 if none is free. */
  export function spawn(ownerSeat: i32 = -1): i32 {
    const row = freeRow(region + 149000, 512);
    if (row < 0) return -1;
    store<u8>(region + 149000 + <usize>row, 1);
    store<u16>(region + 149512 + <usize>row * 2, load<u16>(region + 149512 + <usize>row * 2) + 1);
    store<i16>(region + 150536 + <usize>row * 2, <i16>ownerSeat);
    store<f32>(region + 151560 + <usize>row * 4, 0);
    store<f32>(region + 153608 + <usize>row * 4, 0);
    store<u8>(region + 155656 + <usize>row, 0);
    hideRowFromAll(region + 156168, 64, 1000, row);
    return row;
  }

  /** Frees a row. What is in it stays until it is taken into use again. */
  export function despawn(row: i32): void {
    if (<u32>row < 512) store<u8>(region + 149000 + <usize>row, 0);
  }

  /** Names the row and its tenant, for `context.focus`. */
  export function entity(row: i32): Entity {
    const generation = load<u16>(region + 149512 + Find_row(row) * 2);
    return new Entity("Find", row, generation);
  }

  /** Shows a row to the player in a seat. */
  export function reveal(row: i32, seat: i32): void {
    revealRow(region + 156168, 64, 1000, Find_row(row), seat);
  }

  export function hide(row: i32, seat: i32): void {
    hideRow(region + 156168, 64, 1000, Find_row(row), seat);
  }

  export function isRevealed(row: i32, seat: i32): bool {
    return isRowRevealed(region + 156168, 64, 1000, Find_row(row), seat);
  }

  export function hideFromAll(row: i32): void {
    hideRowFromAll(region + 156168, 64, 1000, <i32>Find_row(row));
  }

  /** Hides every row from a seat. */
  export function hideFrom(seat: i32): void {
    if (<u32>seat < 1000) hideRowsFrom(region + 156168, 64, seat);
  }
}

@inline function Gear_row(row: i32): usize {
  if (<u32>row >= 1000) {
    noSuchRow("Gear", row, 1000);
    unreachable();
  }
  return <usize>row;
}

@final @unmanaged class Gear_readonly_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Gear_row(row));
  }
}

@final @unmanaged class Gear_readonly_u16 {
  @inline @operator("[]") get(row: i32): u16 {
    return load<u16>(changetype<usize>(this) + Gear_row(row) * 2);
  }
}

@final @unmanaged class Gear_i16 {
  @inline @operator("[]") get(row: i32): i16 {
    return load<i16>(changetype<usize>(this) + Gear_row(row) * 2);
  }
  @inline @operator("[]=") set(row: i32, value: i16): void {
    store<i16>(changetype<usize>(this) + Gear_row(row) * 2, value);
  }
}

@final @unmanaged class Gear_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Gear_row(row));
  }
  @inline @operator("[]=") set(row: i32, value: u8): void {
    store<u8>(changetype<usize>(this) + Gear_row(row), value);
  }
}

@final @unmanaged class Gear_u32 {
  @inline @operator("[]") get(row: i32): u32 {
    return load<u32>(changetype<usize>(this) + Gear_row(row) * 4);
  }
  @inline @operator("[]=") set(row: i32, value: u32): void {
    store<u32>(changetype<usize>(this) + Gear_row(row) * 4, value);
  }
}

@final @unmanaged class Gear_u16 {
  @inline @operator("[]") get(row: i32): u16 {
    return load<u16>(changetype<usize>(this) + Gear_row(row) * 2);
  }
  @inline @operator("[]=") set(row: i32, value: u16): void {
    store<u16>(changetype<usize>(this) + Gear_row(row) * 2, value);
  }
}

export namespace Gear {
  export const capacity: i32 = 1000;
  @inline export const live: Gear_readonly_u8 = changetype<Gear_readonly_u8>(region + 220168);
  @inline export const generation: Gear_readonly_u16 = changetype<Gear_readonly_u16>(region + 221168);
  @inline export const owner: Gear_i16 = changetype<Gear_i16>(region + 223168);
  @inline export const column: Gear_u8 = changetype<Gear_u8>(region + 225168);
  @inline export const row: Gear_u8 = changetype<Gear_u8>(region + 226168);
  @inline export const nearby: Gear_u32 = changetype<Gear_u32>(region + 227168);
  @inline export const clip: Gear_u8 = changetype<Gear_u8>(region + 231168);
  @inline export const spare: Gear_u8 = changetype<Gear_u8>(region + 232168);
  @inline export const readyAt: Gear_u32 = changetype<Gear_u32>(region + 233168);
  @inline export const returnsAt: Gear_u32 = changetype<Gear_u32>(region + 237168);
  @inline export const hits: Gear_u16 = changetype<Gear_u16>(region + 241168);
  @inline export const points: Gear_u16 = changetype<Gear_u16>(region + 243168);
  @inline export const falls: Gear_u16 = changetype<Gear_u16>(region + 245168);
  @inline export const felledBy: Gear_u16 = changetype<Gear_u16>(region + 247168);

  /** Takes the lowest free row into use, with 0 in every field. Returns the row, or -1 if none is free. */
  export function spawn(ownerSeat: i32 = -1): i32 {
    const row = freeRow(region + 220168, 1000);
    if (row < 0) return -1;
    store<u8>(region + 220168 + <usize>row, 1);
    store<u16>(region + 221168 + <usize>row * 2, load<u16>(region + 221168 + <usize>row * 2) + 1);
    store<i16>(region + 223168 + <usize>row * 2, <i16>ownerSeat);
    store<u8>(region + 225168 + <usize>row, 0);
    store<u8>(region + 226168 + <usize>row, 0);
    store<u32>(region + 227168 + <usize>row * 4, 0);
    store<u8>(region + 231168 + <usize>row, 0);
    store<u8>(region + 232168 + <usize>row, 0);
    store<u32>(region + 233168 + <usize>row * 4, 0);
    store<u32>(region + 237168 + <usize>row * 4, 0);
    store<u16>(region + 241168 + <usize>row * 2, 0);
    store<u16>(region + 243168 + <usize>row * 2, 0);
    store<u16>(region + 245168 + <usize>row * 2, 0);
    store<u16>(region + 247168 + <usize>row * 2, 0);
    return row;
  }

  /** Frees a row. What is in it stays until it is taken into use again. */
  export function despawn(row: i32): void {
    if (<u32>row < 1000) store<u8>(region + 220168 + <usize>row, 0);
  }

  /** Names the row and its tenant, for `context.focus`. */
  export function entity(row: i32): Entity {
    const generation = load<u16>(region + 221168 + Gear_row(row) * 2);
    return new Entity("Gear", row, generation);
  }
}

@inline function Ground_row(row: i32): usize {
  if (<u32>row >= 1) {
    noSuchRow("Ground", row, 1);
    unreachable();
  }
  return <usize>row;
}

@final @unmanaged class Ground_readonly_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Ground_row(row));
  }
}

@final @unmanaged class Ground_readonly_u16 {
  @inline @operator("[]") get(row: i32): u16 {
    return load<u16>(changetype<usize>(this) + Ground_row(row) * 2);
  }
}

@final @unmanaged class Ground_i16 {
  @inline @operator("[]") get(row: i32): i16 {
    return load<i16>(changetype<usize>(this) + Ground_row(row) * 2);
  }
  @inline @operator("[]=") set(row: i32, value: i16): void {
    store<i16>(changetype<usize>(this) + Ground_row(row) * 2, value);
  }
}

@final @unmanaged class Ground_u32 {
  @inline @operator("[]") get(row: i32): u32 {
    return load<u32>(changetype<usize>(this) + Ground_row(row) * 4);
  }
  @inline @operator("[]=") set(row: i32, value: u32): void {
    store<u32>(changetype<usize>(this) + Ground_row(row) * 4, value);
  }
}

@final @unmanaged class Ground_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Ground_row(row));
  }
  @inline @operator("[]=") set(row: i32, value: u8): void {
    store<u8>(changetype<usize>(this) + Ground_row(row), value);
  }
}

export namespace Ground {
  export const capacity: i32 = 1;
  @inline export const live: Ground_readonly_u8 = changetype<Ground_readonly_u8>(region + 249168);
  @inline export const generation: Ground_readonly_u16 = changetype<Ground_readonly_u16>(region + 249176);
  @inline export const owner: Ground_i16 = changetype<Ground_i16>(region + 249184);
  @inline export const seed: Ground_u32 = changetype<Ground_u32>(region + 249192);
  @inline export const tiles: Ground_u8 = changetype<Ground_u8>(region + 249200);

  /** Takes the lowest free row into use, with 0 in every field. Returns the row, or -1 if none is free. */
  export function spawn(ownerSeat: i32 = -1): i32 {
    const row = freeRow(region + 249168, 1);
    if (row < 0) return -1;
    store<u8>(region + 249168 + <usize>row, 1);
    store<u16>(region + 249176 + <usize>row * 2, load<u16>(region + 249176 + <usize>row * 2) + 1);
    store<i16>(region + 249184 + <usize>row * 2, <i16>ownerSeat);
    store<u32>(region + 249192 + <usize>row * 4, 0);
    store<u8>(region + 249200 + <usize>row, 0);
    return row;
  }

  /** Frees a row. What is in it stays until it is taken into use again. */
  export function despawn(row: i32): void {
    if (<u32>row < 1) store<u8>(region + 249168 + <usize>row, 0);
  }

  /** Names the row and its tenant, for `context.focus`. */
  export function entity(row: i32): Entity {
    const generation = load<u16>(region + 249176 + Ground_row(row) * 2);
    return new Entity("Ground", row, generation);
  }
}

@inline function Push_row(row: i32): usize {
  if (<u32>row >= 1000) {
    noSuchRow("Push", row, 1000);
    unreachable();
  }
  return <usize>row;
}

@final @unmanaged class Push_readonly_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Push_row(row));
  }
}

@final @unmanaged class Push_readonly_u16 {
  @inline @operator("[]") get(row: i32): u16 {
    return load<u16>(changetype<usize>(this) + Push_row(row) * 2);
  }
}

@final @unmanaged class Push_i16 {
  @inline @operator("[]") get(row: i32): i16 {
    return load<i16>(changetype<usize>(this) + Push_row(row) * 2);
  }
  @inline @operator("[]=") set(row: i32, value: i16): void {
    store<i16>(changetype<usize>(this) + Push_row(row) * 2, value);
  }
}

@final @unmanaged class Push_i8 {
  @inline @operator("[]") get(row: i32): i8 {
    return load<i8>(changetype<usize>(this) + Push_row(row));
  }
  @inline @operator("[]=") set(row: i32, value: i8): void {
    store<i8>(changetype<usize>(this) + Push_row(row), value);
  }
}

@final @unmanaged class Push_f32 {
  @inline @operator("[]") get(row: i32): f32 {
    return load<f32>(changetype<usize>(this) + Push_row(row) * 4);
  }
  @inline @operator("[]=") set(row: i32, value: f32): void {
    store<f32>(changetype<usize>(this) + Push_row(row) * 4, value);
  }
}

@final @unmanaged class Push_bool {
  @inline @operator("[]") get(row: i32): bool {
    return load<bool>(changetype<usize>(this) + Push_row(row));
  }
  @inline @operator("[]=") set(row: i32, value: bool): void {
    store<bool>(changetype<usize>(this) + Push_row(row), value);
  }
}

@final @unmanaged class Push_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Push_row(row));
  }
  @inline @operator("[]=") set(row: i32, value: u8): void {
    store<u8>(changetype<usize>(this) + Push_row(row), value);
  }
}

@final @unmanaged class Push_u32 {
  @inline @operator("[]") get(row: i32): u32 {
    return load<u32>(changetype<usize>(this) + Push_row(row) * 4);
  }
  @inline @operator("[]=") set(row: i32, value: u32): void {
    store<u32>(changetype<usize>(this) + Push_row(row) * 4, value);
  }
}

export namespace Push {
  export const capacity: i32 = 1000;
  @inline export const live: Push_readonly_u8 = changetype<Push_readonly_u8>(region + 249208);
  @inline export const generation: Push_readonly_u16 = changetype<Push_readonly_u16>(region + 250208);
  @inline export const owner: Push_i16 = changetype<Push_i16>(region + 252208);
  @inline export const east: Push_i8 = changetype<Push_i8>(region + 254208);
  @inline export const south: Push_i8 = changetype<Push_i8>(region + 255208);
  @inline export const aim: Push_f32 = changetype<Push_f32>(region + 256208);
  @inline export const trigger: Push_bool = changetype<Push_bool>(region + 260208);
  @inline export const reloads: Push_u8 = changetype<Push_u8>(region + 261208);
  @inline export const seen: Push_u32 = changetype<Push_u32>(region + 262208);

  /** Takes the lowest free row into use, with 0 in every field. Returns the row, or -1 if none is free. */
  export function spawn(ownerSeat: i32 = -1): i32 {
    const row = freeRow(region + 249208, 1000);
    if (row < 0) return -1;
    store<u8>(region + 249208 + <usize>row, 1);
    store<u16>(region + 250208 + <usize>row * 2, load<u16>(region + 250208 + <usize>row * 2) + 1);
    store<i16>(region + 252208 + <usize>row * 2, <i16>ownerSeat);
    store<i8>(region + 254208 + <usize>row, 0);
    store<i8>(region + 255208 + <usize>row, 0);
    store<f32>(region + 256208 + <usize>row * 4, 0);
    store<bool>(region + 260208 + <usize>row, false);
    store<u8>(region + 261208 + <usize>row, 0);
    store<u32>(region + 262208 + <usize>row * 4, 0);
    return row;
  }

  /** Frees a row. What is in it stays until it is taken into use again. */
  export function despawn(row: i32): void {
    if (<u32>row < 1000) store<u8>(region + 249208 + <usize>row, 0);
  }

  /** Names the row and its tenant, for `context.focus`. */
  export function entity(row: i32): Entity {
    const generation = load<u16>(region + 250208 + Push_row(row) * 2);
    return new Entity("Push", row, generation);
  }
}

@inline function Shot_row(row: i32): usize {
  if (<u32>row >= 2048) {
    noSuchRow("Shot", row, 2048);
    unreachable();
  }
  return <usize>row;
}

@final @unmanaged class Shot_readonly_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Shot_row(row));
  }
}

@final @unmanaged class Shot_readonly_u16 {
  @inline @operator("[]") get(row: i32): u16 {
    return load<u16>(changetype<usize>(this) + Shot_row(row) * 2);
  }
}

@final @unmanaged class Shot_i16 {
  @inline @operator("[]") get(row: i32): i16 {
    return load<i16>(changetype<usize>(this) + Shot_row(row) * 2);
  }
  @inline @operator("[]=") set(row: i32, value: i16): void {
    store<i16>(changetype<usize>(this) + Shot_row(row) * 2, value);
  }
}

@final @unmanaged class Shot_f32 {
  @inline @operator("[]") get(row: i32): f32 {
    return load<f32>(changetype<usize>(this) + Shot_row(row) * 4);
  }
  @inline @operator("[]=") set(row: i32, value: f32): void {
    store<f32>(changetype<usize>(this) + Shot_row(row) * 4, value);
  }
}

@final @unmanaged class Shot_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Shot_row(row));
  }
  @inline @operator("[]=") set(row: i32, value: u8): void {
    store<u8>(changetype<usize>(this) + Shot_row(row), value);
  }
}

export namespace Shot {
  export const capacity: i32 = 2048;
  @inline export const live: Shot_readonly_u8 = changetype<Shot_readonly_u8>(region + 266208);
  @inline export const generation: Shot_readonly_u16 = changetype<Shot_readonly_u16>(region + 268256);
  @inline export const owner: Shot_i16 = changetype<Shot_i16>(region + 272352);
  @inline export const x: Shot_f32 = changetype<Shot_f32>(region + 276448);
  @inline export const z: Shot_f32 = changetype<Shot_f32>(region + 284640);
  @inline export const heading: Shot_f32 = changetype<Shot_f32>(region + 292832);
  @inline export const team: Shot_u8 = changetype<Shot_u8>(region + 301024);

  /** Takes the lowest free row into use, with 0 in every field. Returns the row, or -1 if none is free. */
  export function spawn(ownerSeat: i32 = -1): i32 {
    const row = freeRow(region + 266208, 2048);
    if (row < 0) return -1;
    store<u8>(region + 266208 + <usize>row, 1);
    store<u16>(region + 268256 + <usize>row * 2, load<u16>(region + 268256 + <usize>row * 2) + 1);
    store<i16>(region + 272352 + <usize>row * 2, <i16>ownerSeat);
    store<f32>(region + 276448 + <usize>row * 4, 0);
    store<f32>(region + 284640 + <usize>row * 4, 0);
    store<f32>(region + 292832 + <usize>row * 4, 0);
    store<u8>(region + 301024 + <usize>row, 0);
    hideRowFromAll(region + 303072, 256, 1000, row);
    return row;
  }

  /** Frees a row. What is in it stays until it is taken into use again. */
  export function despawn(row: i32): void {
    if (<u32>row < 2048) store<u8>(region + 266208 + <usize>row, 0);
  }

  /** Names the row and its tenant, for `context.focus`. */
  export function entity(row: i32): Entity {
    const generation = load<u16>(region + 268256 + Shot_row(row) * 2);
    return new Entity("Shot", row, generation);
  }

  /** Shows a row to the player in a seat. */
  export function reveal(row: i32, seat: i32): void {
    revealRow(region + 303072, 256, 1000, Shot_row(row), seat);
  }

  export function hide(row: i32, seat: i32): void {
    hideRow(region + 303072, 256, 1000, Shot_row(row), seat);
  }

  export function isRevealed(row: i32, seat: i32): bool {
    return isRowRevealed(region + 303072, 256, 1000, Shot_row(row), seat);
  }

  export function hideFromAll(row: i32): void {
    hideRowFromAll(region + 303072, 256, 1000, <i32>Shot_row(row));
  }

  /** Hides every row from a seat. */
  export function hideFrom(seat: i32): void {
    if (<u32>seat < 1000) hideRowsFrom(region + 303072, 256, seat);
  }
}

function writeLayouts(out: Writer): void {
  out.list();
  out.map().key("name").text("Fighter").key("capacity").whole(1000).key("fields").list();
  out.map().key("name").text("x").key("type").text("range").key("min").whole(0).key("max").whole(256).key("bits").whole(16).end();
  out.map().key("name").text("z").key("type").text("range").key("min").whole(0).key("max").whole(256).key("bits").whole(16).end();
  out.map().key("name").text("aim").key("type").text("angle16").end();
  out.map().key("name").text("team").key("type").text("u8").end();
  out.map().key("name").text("health").key("type").text("u8").end();
  out.map().key("name").text("seat").key("type").text("u16").end();
  out.end().key("audience").map().key("who").text("any").key("of").list().map().key("who").text("owner").end().map().key("who").text("revealed").key("seats").whole(1000).end().end().end();
  out.key("position").list().text("x").text("z").end().end();
  out.map().key("name").text("Find").key("capacity").whole(512).key("fields").list();
  out.map().key("name").text("x").key("type").text("range").key("min").whole(0).key("max").whole(256).key("bits").whole(16).end();
  out.map().key("name").text("z").key("type").text("range").key("min").whole(0).key("max").whole(256).key("bits").whole(16).end();
  out.map().key("name").text("kind").key("type").text("u8").end();
  out.end().key("audience").map().key("who").text("revealed").key("seats").whole(1000).end();
  out.key("position").nothing().end();
  out.map().key("name").text("Gear").key("capacity").whole(1000).key("fields").list();
  out.map().key("name").text("column").key("type").text("u8").end();
  out.map().key("name").text("row").key("type").text("u8").end();
  out.map().key("name").text("nearby").key("type").text("u32").end();
  out.map().key("name").text("clip").key("type").text("u8").end();
  out.map().key("name").text("spare").key("type").text("u8").end();
  out.map().key("name").text("readyAt").key("type").text("u32").end();
  out.map().key("name").text("returnsAt").key("type").text("u32").end();
  out.map().key("name").text("hits").key("type").text("u16").end();
  out.map().key("name").text("points").key("type").text("u16").end();
  out.map().key("name").text("falls").key("type").text("u16").end();
  out.map().key("name").text("felledBy").key("type").text("u16").end();
  out.end().key("audience").map().key("who").text("owner").end();
  out.key("position").nothing().end();
  out.map().key("name").text("Ground").key("capacity").whole(1).key("fields").list();
  out.map().key("name").text("seed").key("type").text("u32").end();
  out.map().key("name").text("tiles").key("type").text("u8").end();
  out.end().key("audience").map().key("who").text("nobody").end();
  out.key("position").nothing().end();
  out.map().key("name").text("Push").key("capacity").whole(1000).key("fields").list();
  out.map().key("name").text("east").key("type").text("i8").end();
  out.map().key("name").text("south").key("type").text("i8").end();
  out.map().key("name").text("aim").key("type").text("angle16").end();
  out.map().key("name").text("trigger").key("type").text("bool").end();
  out.map().key("name").text("reloads").key("type").text("u8").end();
  out.map().key("name").text("seen").key("type").text("u32").end();
  out.end().key("audience").map().key("who").text("nobody").end();
  out.key("position").nothing().end();
  out.map().key("name").text("Shot").key("capacity").whole(2048).key("fields").list();
  out.map().key("name").text("x").key("type").text("range").key("min").whole(0).key("max").whole(256).key("bits").whole(16).end();
  out.map().key("name").text("z").key("type").text("range").key("min").whole(0).key("max").whole(256).key("bits").whole(16).end();
  out.map().key("name").text("heading").key("type").text("angle16").end();
  out.map().key("name").text("team").key("type").text("u8").end();
  out.end().key("audience").map().key("who").text("any").key("of").list().map().key("who").text("owner").end().map().key("who").text("revealed").key("seats").whole(1000).end().end().end();
  out.key("position").nothing().end();
  out.end();
}

function hideFrom(seat: i32): void {
  if (<u32>seat < 1000) hideRowsFrom(region + 21000, 128, seat);
  if (<u32>seat < 1000) hideRowsFrom(region + 156168, 64, seat);
  if (<u32>seat < 1000) hideRowsFrom(region + 303072, 256, seat);
}

declareTables(region, 559072, writeLayouts, hideFrom);
