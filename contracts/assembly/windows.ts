/** Where host and contract meet in this memory: the input, the output, and what `room_windows` says of them. */

/** Bytes of one call; the host's limit. */
const inputLength: i32 = 64 * 1024;

/** Bytes of one answer; the host's limit. Pages that are never written cost nothing. */
const outputLength: i32 = 1024 * 1024;

/** msgpack of one call. Written by the host before a call, and valid until the call ends. */
export const input: usize = memory.data(64 * 1024, 8);

/** msgpack of one answer. */
export const output: usize = memory.data(1024 * 1024, 8);

export const outputEnd: usize = output + outputLength;

/** Eight numbers: the ABI's version, where and how long input, output and tables are, and 0. */
const windows: usize = memory.data(32, 8);

store<u32>(windows, 1);
store<u32>(windows, <u32>input, 4);
store<u32>(windows, inputLength, 8);
store<u32>(windows, <u32>output, 12);
store<u32>(windows, outputLength, 16);

/** Names the memory of the component tables; once, while the module is prepared. */
export function showTables(at: usize, length: i32): void {
  store<u32>(windows, <u32>at, 20);
  store<u32>(windows, length, 24);
}

/** Asked once, after the module has prepared itself. */
export function roomWindows(): i32 {
  return <i32>windows;
}
