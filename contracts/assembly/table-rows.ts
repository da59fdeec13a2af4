/** What generated columns call: free rows, rows that do not exist, texts of a fixed size. */

/** The lowest row that is not in use; -1 if all are. */
export function freeRow(live: usize, capacity: i32): i32 {
  for (let row = 0; row < capacity; row++) if (load<u8>(live + <usize>row) == 0) return row;
  return -1;
}

/** A row while it has the tenant that is meant, for `context.focus`. */
export class Entity {
  constructor(
    readonly table: string,
    readonly row: i32,
    readonly generation: i32,
  ) {}
}

/** Where the bit is that says whether a row is revealed to a seat, in a table's bits of so many bytes for each seat. */
function bitAt(bits: usize, stride: i32, seats: i32, row: usize, seat: i32): usize {
  if (<u32>seat >= <u32>seats) {
    noSuchSeat(seat, seats);
    unreachable();
  }
  return bits + <usize>(seat * stride) + (row >> 3);
}

export function revealRow(bits: usize, stride: i32, seats: i32, row: usize, seat: i32): void {
  const at = bitAt(bits, stride, seats, row, seat);
  store<u8>(at, load<u8>(at) | (1 << (<u8>(row & 7))));
}

export function hideRow(bits: usize, stride: i32, seats: i32, row: usize, seat: i32): void {
  const at = bitAt(bits, stride, seats, row, seat);
  store<u8>(at, load<u8>(at) & ~(1 << (<u8>(row & 7))));
}

export function isRowRevealed(bits: usize, stride: i32, seats: i32, row: usize, seat: i32): bool {
  return (load<u8>(bitAt(bits, stride, seats, row, seat)) & (1 << (<u8>(row & 7)))) != 0;
}

/** A row that is taken into use is nobody's to see yet. */
export function hideRowFromAll(bits: usize, stride: i32, seats: i32, row: i32): void {
  const others = ~(1 << (<u8>(row & 7)));
  const end = bits + <usize>(seats * stride);
  for (let at = bits + <usize>(row >> 3); at < end; at += <usize>stride) store<u8>(at, load<u8>(at) & others);
}

/** What a seat's last player was shown is not for the next. */
export function hideRowsFrom(bits: usize, stride: i32, seat: i32): void {
  memory.fill(bits + <usize>(seat * stride), 0, <usize>stride);
}

function noSuchSeat(seat: i32, seats: i32): void {
  throw new RangeError(`seat ${seat} of ${seats}`);
}

export function noSuchRow(table: string, row: i32, capacity: i32): void {
  throw new RangeError(`row ${row} of ${table}, which has rows 0 to ${capacity - 1}`);
}

/** Up to the first zero byte. */
export function textAt(at: usize, width: i32): string {
  let length = 0;
  while (length < width && load<u8>(at + <usize>length) != 0) length++;
  return String.UTF8.decodeUnsafe(at, <usize>length);
}

/** What does not fit is cut off between characters, as is everything from a NUL on. Half a surrogate pair is U+FFFD. */
export function writeTextAt(at: usize, width: i32, text: string): void {
  memory.fill(at, 0, <usize>width);
  const end = at + <usize>width;
  for (let i = 0; i < text.length; i++) {
    let point = text.codePointAt(i);
    if (point >= 0x10000) i++;
    if (point == 0) return;
    if ((point & 0xfffff800) == 0xd800) point = 0xfffd;
    const length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (at + <usize>length > end) return;
    if (length == 1) {
      store<u8>(at, <u8>point);
    } else {
      for (let j = length - 1; j > 0; j--) {
        store<u8>(at + <usize>j, <u8>(0x80 | (point & 0x3f)));
        point >>= 6;
      }
      store<u8>(at, <u8>((0xf00 >> length) | point));
    }
    at += <usize>length;
  }
}
