/** What generated columns call: free rows, rows that do not exist, texts of a fixed size. */

/** The lowest row that is not in use; -1 if all are. */
export function freeRow(live: usize, capacity: i32): i32 {
  for (let row = 0; row < capacity; row++) if (load<u8>(live + <usize>row) == 0) return row;
  return -1;
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
