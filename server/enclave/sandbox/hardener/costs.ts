/** What things cost. These numbers are part of the specification: another number is another hardener version. */
import { bulkBase, op, opcodesEnd, vectorBase } from "./opcodes.ts";

/** Units of fuel of each instruction, by opcode; what a call costs beyond this is in call-graph.ts. */
export const fuelOf = new Uint16Array(opcodesEnd).fill(1);

/** Of a call that leaves the module, whatever the host then does: for itself, and for each value that crosses. */
export const importFuel = 32;
export const importedValueFuel = 16;

/** Of entering a function: for itself, and one for so many units of locals, which begin as zeros. */
export const entryFuel = 2;
export const localsPerFuel = 4;

/** Bytes that one unit of `memory.fill`, `memory.copy` and `memory.init` moves. A power of two. */
export const bytesPerFuel = 8;

/** Of one page that `memory.grow` gets, which the machine fills with zeros. */
export const pageFuel = 65_536 / bytesPerFuel;

/** A function that costs no more than this may leave it to its callers to pay. */
export const freeFuelMax = 400;

for (const opcode of [op.block, op.end]) fuelOf[opcode] = 0;
// Division and square root, of integers and floats.
for (const opcode of [0x6d, 0x6e, 0x6f, 0x70, 0x7f, 0x80, 0x81, 0x82, 0x91, 0x95, 0x9f, 0xa3]) fuelOf[opcode] = 4;
for (const number of [227, 231, 239, 243]) fuelOf[vectorBase + number] = 8;
fuelOf[op.callIndirect] = 4;
// These ask the engine: ref.func, table.get, table.size.
for (const opcode of [op.refFunc, 0x25, bulkBase + 16]) fuelOf[opcode] = 8;
for (const opcode of [op.memoryInit, op.memoryCopy, op.memoryFill]) fuelOf[opcode] = 16;
fuelOf[op.memoryGrow] = 1024;

/** Units of 8 bytes that a call takes from the machine's stack beside its parameters, locals and operands. */
export const frameBase = 16;

/** What an optimizing compiler keeps besides: one unit for so many instructions, or for so many bytes that it inlines. */
export const instructionsPerUnit = 4;
export const inlinedBytesPerUnit = 6;

/**
 * What it may inline, in bytes: functions up to this length; so many times the length of the function that they go into;
 * not beyond this length together with it, but a tenth of it in any case; so deep within one another. V8's limits.
 */
export const inlinedLengthMax = 512;
export const inlinedGrowthMax = 4;
export const inlinedTotalMax = 7000;
export const inlinedNestingMax = 7;

/** A chain of calls that takes no more than this may leave it to its callers to account for. */
export const shallowUnitsMax = 512;
