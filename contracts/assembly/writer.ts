/**
 * Writes MessagePack straight into the output: views, messages, results.
 *
 * ```ts
 * out.map().key("turn").whole(this.turn).key("board").list();
 * for (let i = 0; i < this.board.length; i++) out.whole(this.board[i]);
 * out.end().end();
 * ```
 *
 * What is left open, and a value without its key, end the call with a sentence that says so. There is one output, so one
 * set of variables is enough, and variables of a module are what compiles best.
 */
import { Kind, Value } from "./value";
import { moveTo, position, writeByte, writeBytes, writeHead, writeNumber, writeText, writeWhole } from "./msgpack";
import { output } from "./windows";

/** Deeper than the host reads. */
const depthMax: i32 = 24;

/** Of every list and map that is open: where its head is, how many members it has, and whether it is a map. */
const nesting: usize = memory.data(24 * 12, 8);

let depth: i32 = 0;
/** Values that may still follow where nothing is open. */
let expected: i32 = 0;
/** Of the innermost list or map. */
let head: usize = 0;
let members: i32 = 0;
let isMap: bool = false;
let hasKey: bool = false;

/** Methods return the writer, so that calls can be written one behind the other. */
export class Writer {
  nothing(): Writer {
    beginValue();
    writeByte(0xc0);
    return this;
  }

  flag(value: bool): Writer {
    beginValue();
    writeByte(value ? 0xc3 : 0xc2);
    return this;
  }

  /** A whole number that a JavaScript number holds exactly: up to 2⁵³ either way. */
  whole(value: i64): Writer {
    beginValue();
    writeWhole(value);
    return this;
  }

  /** Any finite number; whole numbers come out as `whole` writes them. */
  number(value: f64): Writer {
    beginValue();
    writeNumber(value);
    return this;
  }

  text(value: string): Writer {
    beginValue();
    writeText(value);
    return this;
  }

  bytes(value: Uint8Array): Writer {
    beginValue();
    writeBytes(value);
    return this;
  }

  /** A value as it came in. */
  value(value: Value): Writer {
    const kind = value.kind;
    if (kind == Kind.Nothing || kind == Kind.Absent) return this.nothing();
    if (kind == Kind.Flag) return this.flag(value.asNumber != 0);
    if (kind == Kind.Number) return this.number(value.asNumber);
    if (kind == Kind.Text) return this.text(value.asText);
    if (kind == Kind.Bytes) return this.bytes(value.asBytes);
    const items = value.items;
    if (kind == Kind.List) {
      this.list();
      for (let i = 0; i < items.length; i++) this.value(items[i]);
    } else {
      this.map();
      for (let i = 0; i < items.length; i++) this.key(value.names[i]).value(items[i]);
    }
    return this.end();
  }

  /** Opens a list; `end` closes it. */
  list(): Writer {
    open(false);
    return this;
  }

  /** Opens a map, in which every value follows a `key`; `end` closes it. */
  map(): Writer {
    open(true);
    return this;
  }

  key(name: string): Writer {
    if (depth == 0 || !isMap) throw new Error("a key outside of a map");
    if (hasKey) throw new Error("a key without a value");
    hasKey = true;
    members++;
    writeText(name);
    return this;
  }

  end(): Writer {
    if (depth == 0) throw new Error("end, where no list and no map is open");
    if (hasKey) throw new Error("a key without a value");
    if (members > 0xffff) throw new Error("more members than a list or map may have");
    store<u8>(head + 1, <u8>(members >> 8));
    store<u8>(head + 2, <u8>members);
    depth--;
    const outer = nesting + depth * 12;
    head = load<u32>(outer);
    members = load<i32>(outer, 4);
    isMap = load<u8>(outer, 8) != 0;
    return this;
  }
}

export const writer = new Writer();

/** Begins to write where the output begins. */
export function rewind(): void {
  resumeAt(output);
}

/** Goes on from here; what was written behind it is forgotten. */
export function resumeAt(position: usize): void {
  moveTo(position);
  depth = 0;
  expected = 0;
  isMap = false;
  hasKey = false;
}

/** From here on one value is written by the author. */
export function expectValue(): Writer {
  expected = 1;
  return writer;
}

/** @throws Error if what the author has begun to write is no whole value. */
export function checkWhole(what: string): void {
  if (depth > 0) throw new Error(`${what}: a list or map is not ended`);
  if (expected > 0) throw new Error(`${what}: no value was written`);
}

function beginValue(): void {
  if (depth == 0) {
    if (expected == 0) throw new Error("a value where none is wanted: one map or list holds all that is said");
    expected = 0;
  } else if (!isMap) {
    members++;
  } else {
    if (!hasKey) throw new Error("a value without a key, in a map");
    hasKey = false;
  }
}

function open(map: bool): void {
  beginValue();
  if (depth == depthMax) throw new Error("lists and maps are nested too deeply");
  const outer = nesting + depth * 12;
  store<u32>(outer, <u32>head);
  store<i32>(outer, members, 4);
  store<u8>(outer, isMap ? 1 : 0, 8);
  depth++;
  head = position();
  members = 0;
  isMap = map;
  // How many there are is filled in at the end.
  writeHead(map ? 0xde : 0xdc, 0, 2);
}
