/** The sections of the hardened module, in the order of specification 5.5.16. */
import { reservedPrefix } from "./accept.ts";
import { growMemory, payForBytes, refuel } from "./helpers.ts";
import { initial } from "./initial.ts";
import { kinds, preamble, sectionOrder, sections, type Export } from "./module.ts";
import { op } from "./opcodes.ts";
import type { Plan } from "./plan.ts";
import { Reader } from "./reader.ts";
import { rewriteBody } from "./rewrite.ts";
import { functionTypeForm, types } from "./types.ts";
import { Writer } from "./writer.ts";

/** Three functions are added. */
const helperCount = 3;

export function assemble(plan: Plan, added: readonly Export[]): Uint8Array {
  const code = codeSection(plan);
  const rewritten = new Map<number, Writer>([
    [sections.type, typeSection(plan)],
    [sections.function, functionSection(plan)],
    [sections.memory, memorySection(plan)],
    [sections.global, globalSection(plan)],
    [sections.export, exportSection(plan, added)],
    [sections.code, code],
  ]);
  const out = new Writer(code.length + 65_536).append(preamble);
  for (const id of sectionOrder) {
    const contents = rewritten.get(id)?.written ?? plan.module.raw.get(id);
    if (contents !== undefined) out.byte(id).vector(contents);
  }
  return out.written.slice();
}

/** A section's vector with a new count; what follows its elements is for the caller to write. */
function extended(plan: Plan, id: number, count: number): Writer {
  const contents = plan.module.raw.get(id);
  const writer = new Writer((contents?.length ?? 0) + 64).u32(count);
  if (contents === undefined) return writer;
  const reader = new Reader(contents);
  reader.u32();
  return writer.append(contents.subarray(reader.at));
}

function typeSection(plan: Plan): Writer {
  const { module, addedTypes } = plan;
  const writer = extended(plan, sections.type, module.types.length + addedTypes.length);
  for (const { parameters, results } of addedTypes) writer.byte(functionTypeForm).vector(parameters).vector(results);
  return writer;
}

function functionSection(plan: Plan): Writer {
  const writer = extended(plan, sections.function, plan.module.functions.length + helperCount);
  for (let i = 0; i < helperCount; i++) writer.u32(plan.helperType);
  return writer;
}

function memorySection({ module, pagesMax }: Plan): Writer {
  return new Writer().u32(1).byte(1).u32(module.memory.min).u32(pagesMax);
}

function globalSection(plan: Plan): Writer {
  const writer = extended(plan, sections.global, plan.module.globals.length + 3);
  for (const value of [initial.fuel, initial.depth, plan.pagesMax]) {
    writer.byte(types.i32).byte(1).byte(op.i32Const).s32(value).byte(op.end);
  }
  return writer;
}

function exportSection(plan: Plan, added: readonly Export[]): Writer {
  const writer = extended(plan, sections.export, plan.module.exports.length + added.length);
  for (const { name, kind, index } of added) writer.name(name).byte(kind).u32(index);
  return writer;
}

function codeSection(plan: Plan): Writer {
  const { bodies } = plan.module;
  const writer = new Writer(2 * (plan.module.raw.get(sections.code)?.length ?? 0) + 256);
  const body = new Writer(4096);
  writer.u32(bodies.length + helperCount);
  for (let i = 0; i < bodies.length; i++) {
    body.clear();
    rewriteBody(body, plan, i);
    writer.vector(body.written);
  }
  return writer.vector(payForBytes(plan)).vector(growMemory(plan)).vector(refuel(plan));
}

/** What the host sets, reads and calls, and what a snapshot holds. */
export function addedExports({ globals, helpers }: Plan, mutable: readonly number[]): Export[] {
  const own = [
    { name: `${reservedPrefix}fuel`, kind: kinds.global, index: globals.fuel },
    { name: `${reservedPrefix}depth`, kind: kinds.global, index: globals.depth },
    { name: `${reservedPrefix}pages`, kind: kinds.global, index: globals.pages },
    { name: `${reservedPrefix}refuel`, kind: kinds.function, index: helpers.refuel },
  ];
  return [...own, ...mutable.map((index) => ({ name: globalName(index), kind: kinds.global, index }))];
}

export const globalName = (index: number): string => `${reservedPrefix}global_${index}`;
