/** Writes one function again, with its checks. What is not touched is copied byte for byte. */
import { writeCharge, writeRefund } from "./checks.ts";
import { measureRegions } from "./fuel.ts";
import type { Body } from "./instructions.ts";
import { GlobalMeter, LocalMeter } from "./meter.ts";
import { canonical, treatment, writeCanonical32, writeCanonical64, writeCanonicalLanes } from "./nan.ts";
import { op } from "./opcodes.ts";
import { functionType } from "./operands.ts";
import { nameOfResults, type Plan } from "./plan.ts";
import { emptyBlock, types, type FunctionType, type ValueType } from "./types.ts";
import type { Writer } from "./writer.ts";

/** @param ownIndex Among the functions that are not imported. */
export function rewriteBody(writer: Writer, plan: Plan, ownIndex: number): void {
  const { module, charges, globals } = plan;
  const body = module.bodies[ownIndex]!;
  const { opcodes, operands } = body;
  const type = functionType(module, module.imports.length + ownIndex);
  const treatments = opcodes.map((opcode, i) => treatment(opcode, operands[i]!, module.globals));
  const holdsFuel = plan.holdsFuel[ownIndex]!;
  const spare = writeLocals(writer, body, type, treatments, holdsFuel);
  const regions = measureRegions(body, charges);
  const units = charges.checkedUnits[ownIndex]!;
  const meter = holdsFuel ? new LocalMeter(writer, plan, spare.fuel) : new GlobalMeter(writer, plan);
  const wrapped = units > 0 || holdsFuel;

  if (charges.checksFuel[ownIndex] === 1) writeCharge(writer, globals.fuel, Math.min(regions.entry, plan.chargeMax));
  if (units > 0) writeCharge(writer, globals.depth, units);
  meter.begin();
  if (wrapped) openWrapper(writer, plan, type);
  const copy = new Copy(writer, body);
  const last = opcodes.length - 1;
  let nesting = 0;
  for (let i = 0; i < last; i++) {
    const opcode = opcodes[i]!;
    if (opcode >= op.block && opcode <= op.if) nesting++;
    else if (opcode === op.end) nesting--;
    if (opcode === op.loop) {
      copy.throughInstruction(i);
      meter.charge(regions.loops[i]!);
    } else if (opcode === op.return && wrapped) {
      copy.insteadOf(i).byte(op.br).u32(nesting);
    } else if (opcode === op.call || opcode === op.callIndirect) {
      copy.upToInstruction(i);
      meter.around(() => copy.throughInstruction(i));
    } else if (opcode === op.memoryGrow) {
      copy.insteadOf(i);
      meter.around(() => writer.byte(op.call).u32(plan.helpers.growMemory));
    } else if (opcode === op.memoryFill || opcode === op.memoryCopy || opcode === op.memoryInit) {
      copy.upToInstruction(i);
      meter.around(() => writer.byte(op.call).u32(plan.helpers.payForBytes));
    } else if (treatments[i] !== canonical.nothing) {
      makeCanonical(copy, i, treatments[i]!, spare);
    }
  }
  copy.upToInstruction(last);
  if (wrapped) writer.byte(op.end);
  meter.end();
  if (units > 0) writeRefund(writer, globals.depth, units);
  writer.byte(op.end);
}

/** Copies a body's instructions in runs, and stops where something is to be put between them. */
class Copy {
  readonly #writer: Writer;
  readonly #body: Body;
  #at: number;

  constructor(writer: Writer, body: Body) {
    this.#writer = writer;
    this.#body = body;
    this.#at = body.starts[0]!;
  }

  upToInstruction(index: number): Writer {
    const to = this.#body.starts[index]!;
    this.#writer.append(this.#body.bytes.subarray(this.#at, to));
    this.#at = to;
    return this.#writer;
  }

  throughInstruction(index: number): Writer {
    return this.upToInstruction(index + 1);
  }

  insteadOf(index: number): Writer {
    this.upToInstruction(index);
    this.#at = this.#body.starts[index + 1]!;
    return this.#writer;
  }
}

function makeCanonical(copy: Copy, index: number, treated: number, spare: Spare): void {
  if (treated === canonical.takesF32) writeCanonical32(copy.upToInstruction(index), spare.f32);
  else if (treated === canonical.takesF64) writeCanonical64(copy.upToInstruction(index), spare.f64);
  else writeCanonicalLanes(copy.throughInstruction(index), spare.v128, treated);
}

/** Indices of locals that hold a value while it is made canonical, and the fuel. Only those that are used exist. */
interface Spare {
  readonly fuel: number;
  readonly f32: number;
  readonly f64: number;
  readonly v128: number;
}

/** 5.5.13. */
function writeLocals(
  writer: Writer,
  body: Body,
  type: FunctionType,
  treatments: Uint16Array,
  holdsFuel: boolean,
): Spare {
  let next = type.parameters.length + body.locals.reduce((sum, { count }) => sum + count, 0);
  const added: ValueType[] = [];
  const add = (valueType: ValueType, needed: boolean): number => {
    if (!needed) return -1;
    added.push(valueType);
    return next++;
  };
  const treated = (...kinds: number[]): boolean => kinds.some((kind) => treatments.includes(kind));
  const spare = {
    fuel: add(types.i32, holdsFuel),
    f32: add(types.f32, treated(canonical.takesF32)),
    f64: add(types.f64, treated(canonical.takesF64)),
    v128: add(types.v128, treated(canonical.leavesF32x4, canonical.leavesF64x2)),
  };
  writer.u32(body.locals.length + added.length);
  for (const { count, type: valueType } of body.locals) writer.u32(count).byte(valueType);
  for (const valueType of added) writer.u32(1).byte(valueType);
  return spare;
}

/**
 * A block around the whole body, where every way out but a trap ends: the function's own label becomes the block's,
 * because it stands where that stood, and `return` becomes a branch to it.
 */
function openWrapper(writer: Writer, plan: Plan, type: FunctionType): void {
  writer.byte(op.block);
  const [only, ...more] = type.results;
  if (only === undefined) writer.byte(emptyBlock);
  else if (more.length === 0) writer.byte(only);
  else writer.s32(plan.blockTypes.get(nameOfResults(type.results))!);
}
