/** Reads the MessagePack of one call. The host wrote and checked it, so nothing here is defended against. */
import { Kind, Value } from "./value";
import { input } from "./windows";

let at: usize = input;

/** Begins at the start of the input. */
export function beginReading(): void {
  at = input;
}

/** How many members the map has that comes next; each is a text and a value. */
export function readMap(): i32 {
  const head = readByte();
  return head < 0x90 ? head & 0x0f : <i32>readUnsigned(head == 0xde ? 2 : 4);
}

export function readList(): i32 {
  const head = readByte();
  return head < 0xa0 ? head & 0x0f : <i32>readUnsigned(head == 0xdc ? 2 : 4);
}

export function readText(): string {
  const length = readTextLength(readByte());
  const start = take(length);
  return String.UTF8.decodeUnsafe(start, length);
}

export function readWhole(): i64 {
  return <i64>readNumber(readByte());
}

/** Bytes where they lie in the input; their length is known to whoever asks. */
export function readBytesInPlace(): usize {
  return take(readBytesLength(readByte()));
}

export function readValue(): Value {
  const head = readByte();
  if (head >= 0x80 && head <= 0x8f) return readMapOf(head & 0x0f);
  if (head >= 0x90 && head <= 0x9f) return readListOf(head & 0x0f);
  if ((head >= 0xa0 && head <= 0xbf) || (head >= 0xd9 && head <= 0xdb)) return readTextOf(readTextLength(head));
  if (head == 0xc0) return new Value(Kind.Nothing);
  if (head == 0xc2 || head == 0xc3) return numbered(Kind.Flag, head - 0xc2);
  if (head >= 0xc4 && head <= 0xc6) return readBytesOf(readBytesLength(head));
  if (head == 0xdc || head == 0xdd) return readListOf(<i32>readUnsigned(head == 0xdc ? 2 : 4));
  if (head == 0xde || head == 0xdf) return readMapOf(<i32>readUnsigned(head == 0xde ? 2 : 4));
  return numbered(Kind.Number, readNumber(head));
}

function numbered(kind: Kind, number: f64): Value {
  const value = new Value(kind);
  value.asNumber = number;
  return value;
}

function readMapOf(length: i32): Value {
  const value = new Value(Kind.Map);
  const names = new Array<string>(length);
  const items = new Array<Value>(length);
  for (let i = 0; i < length; i++) {
    names[i] = readText();
    items[i] = readValue();
  }
  value.names = names;
  value.items = items;
  return value;
}

function readListOf(length: i32): Value {
  const value = new Value(Kind.List);
  const items = new Array<Value>(length);
  for (let i = 0; i < length; i++) items[i] = readValue();
  value.items = items;
  return value;
}

function readTextOf(length: i32): Value {
  const value = new Value(Kind.Text);
  value.asText = String.UTF8.decodeUnsafe(take(length), length);
  return value;
}

function readBytesOf(length: i32): Value {
  const value = new Value(Kind.Bytes);
  const bytes = new Uint8Array(length);
  memory.copy(bytes.dataStart, take(length), length);
  value.asBytes = bytes;
  return value;
}

function readTextLength(head: i32): i32 {
  if (head < 0xc0) return head & 0x1f;
  return <i32>readUnsigned(head == 0xd9 ? 1 : head == 0xda ? 2 : 4);
}

function readBytesLength(head: i32): i32 {
  return <i32>readUnsigned(head == 0xc4 ? 1 : head == 0xc5 ? 2 : 4);
}

function readNumber(head: i32): f64 {
  if (head < 0x80) return head;
  if (head >= 0xe0) return head - 0x100;
  switch (head) {
    case 0xca:
      return reinterpret<f32>(<u32>readUnsigned(4));
    case 0xcb:
      return reinterpret<f64>(readUnsigned(8));
    case 0xcc:
      return <f64>readUnsigned(1);
    case 0xcd:
      return <f64>readUnsigned(2);
    case 0xce:
      return <f64>readUnsigned(4);
    case 0xcf:
      return <f64>readUnsigned(8);
    case 0xd0:
      return <i8>readUnsigned(1);
    case 0xd1:
      return <i16>readUnsigned(2);
    case 0xd2:
      return <i32>readUnsigned(4);
    case 0xd3:
      return <f64>(<i64>readUnsigned(8));
    default:
      throw new Error("a call that is not MessagePack");
  }
}

function readByte(): i32 {
  return load<u8>(at++);
}

function readUnsigned(width: i32): u64 {
  let value: u64 = 0;
  for (let i = 0; i < width; i++) value = (value << 8) | load<u8>(at++);
  return value;
}

/** Moves on and returns where it was. */
function take(length: i32): usize {
  const start = at;
  at += length;
  return start;
}
