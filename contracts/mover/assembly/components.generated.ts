/** The tables of ../components.ts, made by `phatroom build`: change that file instead. */
import { declareTables, Entity, freeRow, noSuchRow, textAt, writeTextAt, Writer } from "phatroom/assembly";
import { hideRow, hideRowFromAll, hideRowsFrom, isRowRevealed, revealRow } from "phatroom/assembly";

const region: usize = memory.data(5120, 8);

@inline function Body_row(row: i32): usize {
  if (<u32>row >= 128) {
    noSuchRow("Body", row, 128);
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

@final @unmanaged class Body_bool {
  @inline @operator("[]") get(row: i32): bool {
    return load<bool>(changetype<usize>(this) + Body_row(row));
  }
  @inline @operator("[]=") set(row: i32, value: bool): void {
    store<bool>(changetype<usize>(this) + Body_row(row), value);
  }
}

@final @unmanaged class Body_text10 {
  @inline get(row: i32): string {
    return textAt(changetype<usize>(this) + Body_row(row) * 10, 10);
  }
  @inline set(row: i32, value: string): void {
    writeTextAt(changetype<usize>(this) + Body_row(row) * 10, 10, value);
  }
}

export namespace Body {
  export const capacity: i32 = 128;
  @inline export const live: Body_readonly_u8 = changetype<Body_readonly_u8>(region);
  @inline export const generation: Body_readonly_u16 = changetype<Body_readonly_u16>(region + 128);
  @inline export const owner: Body_i16 = changetype<Body_i16>(region + 384);
  @inline export const x: Body_f32 = changetype<Body_f32>(region + 640);
  @inline export const z: Body_f32 = changetype<Body_f32>(region + 1152);
  @inline export const heading: Body_f32 = changetype<Body_f32>(region + 1664);
  @inline export const speed: Body_f32 = changetype<Body_f32>(region + 2176);
  @inline export const walking: Body_bool = changetype<Body_bool>(region + 2688);
  @inline export const label: Body_text10 = changetype<Body_text10>(region + 2816);

  /** Takes the lowest free row into use, with 0 in every field. Returns the row, or -1 if none is free. */
  export function spawn(ownerSeat: i32 = -1): i32 {
    const row = freeRow(region, 128);
    if (row < 0) return -1;
    store<u8>(region + <usize>row, 1);
    store<u16>(region + 128 + <usize>row * 2, load<u16>(region + 128 + <usize>row * 2) + 1);
    store<i16>(region + 384 + <usize>row * 2, <i16>ownerSeat);
    store<f32>(region + 640 + <usize>row * 4, 0);
    store<f32>(region + 1152 + <usize>row * 4, 0);
    store<f32>(region + 1664 + <usize>row * 4, 0);
    store<f32>(region + 2176 + <usize>row * 4, 0);
    store<bool>(region + 2688 + <usize>row, false);
    memory.fill(region + 2816 + <usize>row * 10, 0, 10);
    return row;
  }

  /** Frees a row. What is in it stays until it is taken into use again. */
  export function despawn(row: i32): void {
    if (<u32>row < 128) store<u8>(region + <usize>row, 0);
  }

  /** Names the row and its tenant, for `context.focus`. */
  export function entity(row: i32): Entity {
    const generation = load<u16>(region + 128 + Body_row(row) * 2);
    return new Entity("Body", row, generation);
  }
}

@inline function Course_row(row: i32): usize {
  if (<u32>row >= 128) {
    noSuchRow("Course", row, 128);
    unreachable();
  }
  return <usize>row;
}

@final @unmanaged class Course_readonly_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Course_row(row));
  }
}

@final @unmanaged class Course_readonly_u16 {
  @inline @operator("[]") get(row: i32): u16 {
    return load<u16>(changetype<usize>(this) + Course_row(row) * 2);
  }
}

@final @unmanaged class Course_i16 {
  @inline @operator("[]") get(row: i32): i16 {
    return load<i16>(changetype<usize>(this) + Course_row(row) * 2);
  }
  @inline @operator("[]=") set(row: i32, value: i16): void {
    store<i16>(changetype<usize>(this) + Course_row(row) * 2, value);
  }
}

@final @unmanaged class Course_u8 {
  @inline @operator("[]") get(row: i32): u8 {
    return load<u8>(changetype<usize>(this) + Course_row(row));
  }
  @inline @operator("[]=") set(row: i32, value: u8): void {
    store<u8>(changetype<usize>(this) + Course_row(row), value);
  }
}

@final @unmanaged class Course_u16 {
  @inline @operator("[]") get(row: i32): u16 {
    return load<u16>(changetype<usize>(this) + Course_row(row) * 2);
  }
  @inline @operator("[]=") set(row: i32, value: u16): void {
    store<u16>(changetype<usize>(this) + Course_row(row) * 2, value);
  }
}

export namespace Course {
  export const capacity: i32 = 128;
  @inline export const live: Course_readonly_u8 = changetype<Course_readonly_u8>(region + 4096);
  @inline export const generation: Course_readonly_u16 = changetype<Course_readonly_u16>(region + 4224);
  @inline export const owner: Course_i16 = changetype<Course_i16>(region + 4480);
  @inline export const direction: Course_u8 = changetype<Course_u8>(region + 4736);
  @inline export const turnIn: Course_u16 = changetype<Course_u16>(region + 4864);

  /** Takes the lowest free row into use, with 0 in every field. Returns the row, or -1 if none is free. */
  export function spawn(ownerSeat: i32 = -1): i32 {
    const row = freeRow(region + 4096, 128);
    if (row < 0) return -1;
    store<u8>(region + 4096 + <usize>row, 1);
    store<u16>(region + 4224 + <usize>row * 2, load<u16>(region + 4224 + <usize>row * 2) + 1);
    store<i16>(region + 4480 + <usize>row * 2, <i16>ownerSeat);
    store<u8>(region + 4736 + <usize>row, 0);
    store<u16>(region + 4864 + <usize>row * 2, 0);
    return row;
  }

  /** Frees a row. What is in it stays until it is taken into use again. */
  export function despawn(row: i32): void {
    if (<u32>row < 128) store<u8>(region + 4096 + <usize>row, 0);
  }

  /** Names the row and its tenant, for `context.focus`. */
  export function entity(row: i32): Entity {
    const generation = load<u16>(region + 4224 + Course_row(row) * 2);
    return new Entity("Course", row, generation);
  }
}

function writeLayouts(out: Writer): void {
  out.list();
  out.map().key("name").text("Body").key("capacity").whole(128).key("fields").list();
  out.map().key("name").text("x").key("type").text("f32").end();
  out.map().key("name").text("z").key("type").text("f32").end();
  out.map().key("name").text("heading").key("type").text("angle16").end();
  out.map().key("name").text("speed").key("type").text("range").key("min").whole(0).key("max").whole(4).key("bits").whole(8).end();
  out.map().key("name").text("walking").key("type").text("bool").end();
  out.map().key("name").text("label").key("type").text("text").key("bytes").whole(10).end();
  out.end().key("audience").map().key("who").text("near").key("radius").whole(40).end();
  out.key("position").list().text("x").text("z").end().end();
  out.map().key("name").text("Course").key("capacity").whole(128).key("fields").list();
  out.map().key("name").text("direction").key("type").text("u8").end();
  out.map().key("name").text("turnIn").key("type").text("u16").end();
  out.end().key("audience").map().key("who").text("nobody").end();
  out.key("position").nothing().end();
  out.end();
}

function hideFrom(seat: i32): void {
}

declareTables(region, 5120, writeLayouts, hideFrom);
