/** Instructions that exist and are not accepted, with the reason of each. */
import { bulkBase, prefixes } from "./opcodes.ts";
import { HardenError, type HardenErrorCode } from "./errors.ts";

const refused: readonly (readonly [from: number, to: number, code: HardenErrorCode])[] = [
  [0x06, 0x0a, "exceptions-refused"], // try catch throw rethrow throw_ref
  [0x18, 0x19, "exceptions-refused"], // delegate catch_all
  [0x1f, 0x1f, "exceptions-refused"], // try_table
  [0x12, 0x13, "tail-calls-refused"], // return_call return_call_indirect
  [0x15, 0x15, "tail-calls-refused"], // return_call_ref
  [0x14, 0x14, "garbage-collection-refused"], // call_ref
  [0xd3, 0xd6, "garbage-collection-refused"], // ref.eq ref.as_non_null br_on_null br_on_non_null
  [prefixes.garbageCollection, prefixes.garbageCollection, "garbage-collection-refused"],
  [prefixes.threads, prefixes.threads, "threads-refused"],
  [0x26, 0x26, "table-changes-refused"], // table.set
  [bulkBase + 9, bulkBase + 9, "segment-drops-refused"], // data.drop
  [bulkBase + 12, bulkBase + 12, "table-changes-refused"], // table.init
  [bulkBase + 13, bulkBase + 13, "segment-drops-refused"], // elem.drop
  [bulkBase + 14, bulkBase + 15, "table-changes-refused"], // table.copy table.grow
  [bulkBase + 17, bulkBase + 17, "table-changes-refused"], // table.fill
];

/** Why an opcode without an entry among the accepted ones is refused. */
export function refusedOpcode(opcode: number): HardenError {
  const entry = refused.find(([from, to]) => opcode >= from && opcode <= to);
  return new HardenError(entry?.[2] ?? "instruction-unknown", `instruction 0x${opcode.toString(16)}`);
}
