/** The tables of ../components.ts, made by `phatroom build`: change that file instead. */
import { declareTables, Entity, freeRow, noSuchRow, textAt, writeTextAt, Writer } from "phatroom/assembly";
import { hideRow, hideRowFromAll, hideRowsFrom, isRowRevealed, revealRow } from "phatroom/assembly";

const region: usize = memory.data(28000, 8);

@inline function Body_row(row: i32): usize {
  if (<u32>row >= 1000) {
    noSuchRow("Body", row, 1000);
    unreachable();
  }
  return <usize>row;
}

@final @unmanaged class Body_readonly_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Body_row(row));
  }
}

@final @unmanaged class Body_readonly_u16 {
  @inline @operator("[]") get(row: i32): u16 {
    return load<u16>(changetype<usize>(this) + Body_row(row) * 2);
  }
}

@final @unmanaged class Body_i16 {
  @inline @operator("[]") get(row: i32): i16 {
    return load<i16>(changetype<usize>(this) + Body_row(row) * 2);
  }
  @inline @operator("[]=") set(row: i32, value: i16): void {
    store<i16>(changetype<usize>(this) + Body_row(row) * 2, value);
  }
}

@final @unmanaged class Body_f32 {
  @inline @operator("[]") get(row: i32): f32 {
    return load<f32>(changetype<usize>(this) + Body_row(row) * 4);
  }
  @inline @operator("[]=") set(row: i32, value: f32): void {
    store<f32>(changetype<usize>(this) + Body_row(row) * 4, value);
  }
}

export namespace Body {
  export const capacity: i32 = 1000;
  @inline export const live: Body_readonly_u8 = changetype<Body_readonly_u8>(region);
  @inline export const generation: Body_readonly_u16 = changetype<Body_readonly_u16>(region + 1000);
  @inline export const owner: Body_i16 = changetype<Body_i16>(region + 3000);
  @inline export const x: Body_f32 = changetype<Body_f32>(region + 5000);
  @inline export const z: Body_f32 = changetype<Body_f32>(region + 9000);
  @inline export const heading: Body_f32 = changetype<Body_f32>(region + 13000);

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
    return row;
  }

  /** Frees a row. What is in it stays until it is taken into use again. */
  export function despawn(row: i32): void {
    if (<u32>row < 1000) store<u8>(region + <usize>row, 0);
  }

  /** Names the row and its tenant, for `context.focus`. */
  export function entity(row: i32): Entity {
    const generation = load<u16>(region + 1000 + Body_row(row) * 2);
    return new Entity("Body", row, generation);
  }
}

@inline function Stick_row(row: i32): usize {
  if (<u32>row >= 1000) {
    noSuchRow("Stick", row, 1000);
    unreachable();
  }
  return <usize>row;
}

@final @unmanaged class Stick_readonly_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Stick_row(row));
  }
}

@final @unmanaged class Stick_readonly_u16 {
  @inline @operator("[]") get(row: i32): u16 {
    return load<u16>(changetype<usize>(this) + Stick_row(row) * 2);
  }
}

@final @unmanaged class Stick_i16 {
  @inline @operator("[]") get(row: i32): i16 {
    return load<i16>(changetype<usize>(this) + Stick_row(row) * 2);
  }
  @inline @operator("[]=") set(row: i32, value: i16): void {
    store<i16>(changetype<usize>(this) + Stick_row(row) * 2, value);
  }
}

@final @unmanaged class Stick_i8 {
  @inline @operator("[]") get(row: i32): i8 {
    return load<i8>(changetype<usize>(this) + Stick_row(row));
  }
  @inline @operator("[]=") set(row: i32, value: i8): void {
    store<i8>(changetype<usize>(this) + Stick_row(row), value);
  }
}

@final @unmanaged class Stick_f32 {
  @inline @operator("[]") get(row: i32): f32 {
    return load<f32>(changetype<usize>(this) + Stick_row(row) * 4);
  }
  @inline @operator("[]=") set(row: i32, value: f32): void {
    store<f32>(changetype<usize>(this) + Stick_row(row) * 4, value);
  }
}

export namespace Stick {
  export const capacity: i32 = 1000;
  @inline export const live: Stick_readonly_u8 = changetype<Stick_readonly_u8>(region + 17000);
  @inline export const generation: Stick_readonly_u16 = changetype<Stick_readonly_u16>(region + 18000);
  @inline export const owner: Stick_i16 = changetype<Stick_i16>(region + 20000);
  @inline export const x: Stick_i8 = changetype<Stick_i8>(region + 22000);
  @inline export const z: Stick_i8 = changetype<Stick_i8>(region + 23000);
  @inline export const aim: Stick_f32 = changetype<Stick_f32>(region + 24000);

  /** Takes the lowest free row into use, with 0 in every field. Returns the row, or -1 if none is free. */
  export function spawn(ownerSeat: i32 = -1): i32 {
    const row = freeRow(region + 17000, 1000);
    if (row < 0) return -1;
    store<u8>(region + 17000 + <usize>row, 1);
    store<u16>(region + 18000 + <usize>row * 2, load<u16>(region + 18000 + <usize>row * 2) + 1);
    store<i16>(region + 20000 + <usize>row * 2, <i16>ownerSeat);
    store<i8>(region + 22000 + <usize>row, 0);
    store<i8>(region + 23000 + <usize>row, 0);
    store<f32>(region + 24000 + <usize>row * 4, 0);
    return row;
  }

  /** Frees a row. What is in it stays until it is taken into use again. */
  export function despawn(row: i32): void {
    if (<u32>row < 1000) store<u8>(region + 17000 + <usize>row, 0);
  }

  /** Names the row and its tenant, for `context.focus`. */
  export function entity(row: i32): Entity {
    const generation = load<u16>(region + 18000 + Stick_row(row) * 2);
    return new Entity("Stick", row, generation);
  }
}

function writeLayouts(out: Writer): void {
  out.list();
  out.map().key("name").text("Body").key("capacity").whole(1000).key("fields").list();
  out.map().key("name").text("x").key("type").text("range").key("min").whole(0).key("max").whole(512).key("bits").whole(16).end();
  out.map().key("name").text("z").key("type").text("range").key("min").whole(0).key("max").whole(512).key("bits").whole(16).end();
  out.map().key("name").text("heading").key("type").text("angle16").end();
  out.end().key("audience").map().key("who").text("near").key("radius").whole(40).end();
  out.key("position").list().text("x").text("z").end().end();
  out.map().key("name").text("Stick").key("capacity").whole(1000).key("fields").list();
  out.map().key("name").text("x").key("type").text("i8").end();
  out.map().key("name").text("z").key("type").text("i8").end();
  out.map().key("name").text("aim").key("type").text("angle16").end();
  out.end().key("audience").map().key("who").text("nobody").end();
  out.key("position").nothing().end();
  out.end();
}

function hideFrom(seat: i32): void {
}

declareTables(region, 28000, writeLayouts, hideFrom);
