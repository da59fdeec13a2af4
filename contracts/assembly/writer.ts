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
import { output, outputEnd } from "./windows";

/** What a JavaScript number holds exactly. */
const wholeMax: i64 = 0x1fffffffffffff;

/** Deeper than the host reads. */
const depthMax: i32 = 24;

/** Of every list and map that is open: where its head is, how many members it has, and whether it is a map. */
const nesting: usize = memory.data(24 * 12, 8);

/** Where the next byte goes. */
let at: usize = output;
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
    const length = value.length;
    if (length < 0x100) writeHead(0xc4, length, 1);
    else if (length < 0x10000) writeHead(0xc5, length, 2);
    else writeHead(0xc6, length, 4);
    reserve(length);
    memory.copy(at, value.dataStart, length);
    at += length;
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
  at = position;
  depth = 0;
  expected = 0;
  isMap = false;
  hasKey = false;
}

export function position(): usize {
  return at;
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

export function writeByte(value: i32): void {
  reserve(1);
  store<u8>(at++, <u8>value);
}

/** A type byte and a big-endian number. */
export function writeHead(type: i32, value: u32, width: i32): void {
  reserve(5);
  store<u8>(at++, <u8>type);
  for (let shift = (width - 1) * 8; shift >= 0; shift -= 8) store<u8>(at++, <u8>(value >> shift));
}

export function writeWhole(value: i64): void {
  if (value >= 0 && value <= 0xffffffff) {
    if (value < 0x80) writeByte(<i32>value);
    else if (value < 0x100) writeHead(0xcc, <u32>value, 1);
    else if (value < 0x10000) writeHead(0xcd, <u32>value, 2);
    else writeHead(0xce, <u32>value, 4);
  } else if (value < 0 && value >= -0x80000000) {
    if (value >= -0x20) writeByte(<i32>value);
    else if (value >= -0x80) writeHead(0xd0, <u32>value, 1);
    else if (value >= -0x8000) writeHead(0xd1, <u32>value, 2);
    else writeHead(0xd2, <u32>value, 4);
  } else {
    if (value > wholeMax || value < -wholeMax) throw new Error("a whole number beyond 2⁵³");
    writeDouble(<f64>value);
  }
}

function writeNumber(value: f64): void {
  if (!isFinite(value)) throw new Error("a number that is not finite");
  if (value == Math.trunc(value) && value >= -0x80000000 && value <= 0xffffffff) writeWhole(<i64>value);
  else writeDouble(value);
}

function writeDouble(value: f64): void {
  reserve(9);
  store<u8>(at, 0xcb);
  store<u64>(at + 1, bswap<u64>(reinterpret<u64>(value)));
  at += 9;
}

/** UTF-8; half a surrogate pair becomes U+FFFD, as in every encoder of it. */
export function writeText(value: string): void {
  const units = changetype<usize>(value);
  const end = units + ((<usize>value.length) << 1);
  const length = utf8Length(units, end);
  if (length < 0x20) writeByte(0xa0 | length);
  else if (length < 0x100) writeHead(0xd9, length, 1);
  else if (length < 0x10000) writeHead(0xda, length, 2);
  else writeHead(0xdb, length, 4);
  reserve(length);
  let unit = units;
  if (length == value.length) {
    for (; unit < end; unit += 2) store<u8>(at++, <u8>load<u16>(unit));
    return;
  }
  while (unit < end) {
    const point = pointAt(unit, end);
    unit += point >= 0x10000 ? 4 : 2;
    writePoint(point);
  }
}

function utf8Length(units: usize, end: usize): i32 {
  let length = 0;
  for (let unit = units; unit < end; unit += 2) {
    const point = pointAt(unit, end);
    if (point >= 0x10000) unit += 2;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}

function pointAt(unit: usize, end: usize): i32 {
  const first = <i32>load<u16>(unit);
  if ((first & 0xf800) != 0xd800) return first;
  if (first >= 0xdc00 || unit + 2 >= end) return 0xfffd;
  const second = <i32>load<u16>(unit + 2);
  return (second & 0xfc00) == 0xdc00 ? 0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff) : 0xfffd;
}

function writePoint(point: i32): void {
  if (point < 0x80) {
    store<u8>(at++, <u8>point);
    return;
  }
  if (point < 0x800) {
    store<u8>(at++, <u8>((point >> 6) | 0xc0));
  } else {
    if (point < 0x10000) {
      store<u8>(at++, <u8>((point >> 12) | 0xe0));
    } else {
      store<u8>(at++, <u8>((point >> 18) | 0xf0));
      store<u8>(at++, <u8>(((point >> 12) & 0x3f) | 0x80));
    }
    store<u8>(at++, <u8>(((point >> 6) & 0x3f) | 0x80));
  }
  store<u8>(at++, <u8>((point & 0x3f) | 0x80));
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
  head = at;
  members = 0;
  isMap = map;
  // How many there are is filled in at the end.
  writeHead(map ? 0xde : 0xdc, 0, 2);
}

/** @throws Error if so many more bytes do not fit. */
export function reserve(length: i32): void {
  if (at + length > outputEnd) throw new Error("the answer of one call is longer than 1 MiB");
}
