/** Writes MessagePack, a value at a time, to the place in the output where the last one ended. */
import { output, outputEnd } from "./windows";

/** What a JavaScript number holds exactly. */
const wholeMax: i64 = 0x1fffffffffffff;

/** Where the next byte goes. */
let at: usize = output;

export function position(): usize {
  return at;
}

/** What was written from here on is forgotten, or was put there by other means. */
export function moveTo(position: usize): void {
  at = position;
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

export function writeNumber(value: f64): void {
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

export function writeBytes(value: Uint8Array): void {
  const length = value.length;
  if (length < 0x100) writeHead(0xc4, length, 1);
  else if (length < 0x10000) writeHead(0xc5, length, 2);
  else writeHead(0xc6, length, 4);
  reserve(length);
  memory.copy(at, value.dataStart, length);
  at += length;
}

/** @throws Error if so many more bytes do not fit. */
export function reserve(length: i32): void {
  if (at + length > outputEnd) throw new Error("the answer of one call is longer than 1 MiB");
}
