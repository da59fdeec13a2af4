/**
 * Where a function is charged, and how much.
 *
 * Between two visits of a loop's head every instruction of the loop's body runs at most once, and between two entries
 * of a function every instruction outside its loops. So the sum over each such region, charged at its head, is never
 * less than what runs. Branches that are not taken are paid for; in return there is one check for each turn of a loop.
 */
import type { Charges } from "./call-graph.ts";
import { fuelOf } from "./costs.ts";
import type { Body } from "./instructions.ts";
import { op } from "./opcodes.ts";
import { entryFuelOf } from "./summary.ts";

export interface Regions {
  readonly entry: number;
  /** By the instruction that is the loop's head; zero for all others. */
  readonly loops: Int32Array;
}

export function measureRegions(body: Body, { callFuel, indirectFuel }: Charges): Regions {
  const { opcodes, operands } = body;
  const loops = new Int32Array(opcodes.length);
  let entry = entryFuelOf(body);
  /** For each open block, the head of the loop that its instructions belong to, or -1. */
  const outer: number[] = [];
  let head = -1;
  for (let i = 0; i < opcodes.length; i++) {
    const opcode = opcodes[i]!;
    if (opcode === op.block || opcode === op.if || opcode === op.loop) outer.push(head);
    if (opcode === op.loop) head = i;
    let fuel = fuelOf[opcode]!;
    if (opcode === op.call) fuel += callFuel[operands[i]!]!;
    else if (opcode === op.callIndirect) fuel += indirectFuel[operands[i]!]!;
    if (head < 0) entry += fuel;
    else loops[head]! += fuel;
    if (opcode === op.end) head = outer.pop() ?? -1;
  }
  return { entry, loops };
}
