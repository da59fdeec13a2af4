/** What a random module consists of besides its code: types, functions, globals, memory, table and segments. */
import type { SeededNumbers } from "../../deep/deep.ts";
import { WasmBytes } from "./bytes.ts";
import type { ValueType } from "./instructions.ts";
import type { FunctionType, Limits, ModuleParts } from "./module.ts";
import { valueTypeByte } from "./module.ts";
import { randomInt32, writeConstant } from "./random-values.ts";

/** Each module uses some of what there is and lacks the rest, which finds more than using a little of everything. */
export interface Features {
  readonly floats: boolean;
  readonly vectors: boolean;
  readonly memory: boolean;
  readonly bulk: boolean;
  readonly table: boolean;
  readonly references: boolean;
  readonly imports: boolean;
  readonly deadCode: boolean;
  /** Loops that may not end, and functions that call themselves. */
  readonly endless: boolean;
  readonly start: boolean;
  /** Loops that go round often, so that work outweighs what it costs to begin. */
  readonly busy: boolean;
  /** No branches but those of loops: what is paid for is also executed, so that nothing too cheap can hide. */
  readonly straight: boolean;
  /** Floats that mostly are NaNs, and instructions that show their bits. */
  readonly nans: boolean;
  /** Instructions that change tables or drop segments, which rooms cannot save. */
  readonly changes: boolean;
}

export function randomFeatures(numbers: SeededNumbers, forced: Partial<Features> = {}): Features {
  const chance = (percent: number): boolean => numbers.below(100) < percent;
  const table = chance(50);
  const endless = chance(8);
  const nans = forced.floats !== false && chance(15);
  return {
    floats: nans || chance(75),
    vectors: chance(nans ? 70 : 35),
    memory: true,
    bulk: chance(35),
    table,
    references: table && chance(40),
    imports: chance(20),
    deadCode: chance(50),
    endless,
    start: !endless && chance(15),
    busy: chance(10),
    straight: chance(5),
    nans,
    changes: false,
    ...forced,
  };
}

export interface FunctionShape extends FunctionType {
  readonly type: number;
}

export interface GlobalShape {
  readonly type: ValueType;
  readonly mutable: boolean;
  readonly init: Uint8Array;
}

/** Host functions that random modules import, if they import any. */
export const randomImports: readonly (FunctionType & { readonly module: string; readonly name: string })[] = [
  { module: "env", name: "note", params: ["i32", "i32"], results: [] },
  { module: "env", name: "mix", params: ["i32", "i64"], results: ["i64"] },
];

export class ModuleShape {
  readonly features: Features;
  readonly types: FunctionType[] = [];
  readonly functions: FunctionShape[] = [];
  readonly importCount: number;
  readonly globals: GlobalShape[] = [];
  readonly memory: Limits | undefined;
  /** What each entry of the table holds at first. */
  readonly table: readonly (number | undefined)[];
  /** Functions that `ref.func` may name. */
  readonly referable: readonly number[];
  /** Lengths of passive segments. */
  readonly passiveData: readonly number[];
  readonly passiveElements: readonly number[];
  readonly valueTypes: readonly ValueType[];
  readonly #numbers: SeededNumbers;
  readonly #typeIndices = new Map<string, number>();

  constructor(numbers: SeededNumbers, features: Features, pagesMax: number) {
    this.#numbers = numbers;
    this.features = features;
    const references: ValueType[] = features.references ? ["funcref", "externref"] : [];
    this.valueTypes = [
      ...(["i32", "i32", "i64"] as const),
      ...(features.floats ? (["f32", "f64"] as const) : []),
      ...(features.vectors ? (["v128"] as const) : []),
    ];
    const parameterTypes = [...this.valueTypes, ...references];
    const imported = features.imports ? randomImports : [];
    this.importCount = imported.length;
    for (const { params, results } of imported) this.#addFunction(params, results);
    const count = 1 + numbers.below(numbers.below(4) === 0 ? 12 : 5);
    for (let i = 0; i < count; i++) this.#addFunction(this.#list(parameterTypes, 4), this.#list(parameterTypes, 3));
    for (let i = numbers.below(6); i > 0; i--) this.#addGlobal(numbers.pick(this.valueTypes));
    const min = numbers.below(12) === 0 ? 0 : 1 + numbers.below(2);
    // Without a maximum the hardener's is the only one.
    const max = numbers.below(4) === 0 ? undefined : Math.min(pagesMax, min + numbers.below(4));
    this.memory = features.memory ? { min, max } : undefined;
    this.table = features.table ? Array.from({ length: 1 + numbers.below(8) }, () => this.#tableEntry()) : [];
    this.referable = features.references ? this.functions.map((_, i) => i).filter(() => numbers.below(2) === 0) : [];
    this.passiveData = features.bulk && features.memory ? this.#lengths(40) : [];
    this.passiveElements = features.bulk && features.table ? this.#lengths(6) : [];
  }

  typeIndex(params: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${params.join(" ")}>${results.join(" ")}`;
    let index = this.#typeIndices.get(key);
    if (index === undefined) {
      index = this.types.length;
      this.types.push({ params, results });
      this.#typeIndices.set(key, index);
    }
    return index;
  }

  /** Everything but functions and exports. */
  parts(): ModuleParts {
    const { globals, memory, types } = this;
    return {
      types,
      imports: (this.importCount > 0 ? randomImports : []).map(({ module, name }, i) => ({
        module,
        name,
        type: this.functions[i]!.type,
      })),
      tables: this.table.length > 0 ? [this.#tableLimits()] : [],
      memory,
      globals,
      elements: this.#elements(),
      data: this.#data(),
      dataCount: this.passiveData.length > 0,
    };
  }

  #addFunction(params: readonly ValueType[], results: readonly ValueType[]): void {
    this.functions.push({ type: this.typeIndex(params, results), params, results });
  }

  #addGlobal(type: ValueType): void {
    const init = new WasmBytes();
    writeConstant(this.#numbers, type, init);
    // A vector that changes could not be saved.
    this.globals.push({ type, mutable: type !== "v128" && this.#numbers.below(4) > 0, init: init.copy() });
  }

  #list(types: readonly ValueType[], most: number): ValueType[] {
    return Array.from({ length: this.#numbers.below(most + 1) }, () => this.#numbers.pick(types));
  }

  #lengths(most: number): number[] {
    return Array.from({ length: this.#numbers.below(3) }, () => this.#numbers.below(most));
  }

  /** Later functions, so that calls through the table end. */
  #tableEntry(): number | undefined {
    if (this.#numbers.below(8) === 0) return undefined;
    const half = this.functions.length >> 1;
    return half + this.#numbers.below(this.functions.length - half);
  }

  #tableLimits(): Limits & { readonly type: "funcref" } {
    const min = this.table.length;
    return { type: "funcref", min, max: this.#numbers.below(2) === 0 ? undefined : min + this.#numbers.below(3) };
  }

  /** Section 5.5.12: active ones by index and by expression, passive ones, and a declarative one. */
  #elements(): Uint8Array[] {
    const elements: Uint8Array[] = [];
    this.table.forEach((entry, at) => {
      if (entry === undefined) return;
      const out = new WasmBytes();
      if (at % 3 === 0) out.byte(4).byte(0x41).signed(at).byte(0x0b).byte(1).byte(0xd2).unsigned(entry).byte(0x0b);
      else if (at % 3 === 1) out.byte(2).byte(0).byte(0x41).signed(at).byte(0x0b).byte(0).byte(1).unsigned(entry);
      else out.byte(0).byte(0x41).signed(at).byte(0x0b).byte(1).unsigned(entry);
      elements.push(out.copy());
    });
    const passive = this.passiveElements.map((length) => {
      const out = new WasmBytes().byte(5).byte(0x70).unsigned(length);
      for (let i = 0; i < length; i++) {
        const entry = this.#tableEntry();
        if (entry === undefined) out.bytes([0xd0, 0x70, 0x0b]);
        else out.byte(0xd2).unsigned(entry).byte(0x0b);
      }
      return out.copy();
    });
    if (this.referable.length > 0) {
      const out = new WasmBytes().byte(3).byte(0).unsigned(this.referable.length);
      for (const index of this.referable) out.unsigned(index);
      elements.push(out.copy());
    }
    // Passive ones come first, so that code can name them without knowing how many others there are.
    return [...passive, ...elements];
  }

  /** Section 5.5.14: passive ones first, then active ones that fit. */
  #data(): Uint8Array[] {
    const numbers = this.#numbers;
    const passive = this.passiveData.map((length) => new WasmBytes().byte(1).sized(numbers.bytes(length)).copy());
    const active = Array.from({ length: (this.memory?.min ?? 0) > 0 ? numbers.below(3) : 0 }, () => {
      const at = numbers.below(2) === 0 ? numbers.below(256) : randomInt32(numbers) & 0xff00;
      const out = new WasmBytes().byte(0).byte(0x41).signed(at).byte(0x0b);
      return out.sized(numbers.bytes(numbers.below(100))).copy();
    });
    return [...passive, ...active];
  }
}

/** Section 5.3.6: as short as possible, or by index. */
export function writeBlockType(
  shape: ModuleShape,
  params: readonly ValueType[],
  results: readonly ValueType[],
  byIndex: boolean,
  out: WasmBytes,
): void {
  if (byIndex || params.length > 0 || results.length > 1) out.signed(shape.typeIndex(params, results));
  else out.byte(results.length === 0 ? 0x40 : valueTypeByte(results[0]!));
}
