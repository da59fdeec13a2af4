/** Random modules, always valid, the same for the same seed. */
import { SeededNumbers } from "../../deep/deep.ts";
import { scalar, scalarMemory, type Instruction, type ValueType } from "./instructions.ts";
import { encodeModule, type ExportKind, type FunctionType, type ModuleParts } from "./module.ts";
import { BodyWriter, type Body, type Repertoire } from "./random-body.ts";
import { randomSteps } from "./random-steps.ts";
import { ModuleShape, randomFeatures, type Features } from "./random-shape.ts";
import { vector, vectorMemory } from "./vector-instructions.ts";

export interface RandomModule {
  readonly bytes: Uint8Array;
  /**
   * The same program for plain V8: every NaN is made canonical before its bits can be seen, the memory ends at the cap,
   * and mutable globals are exported as `g0`, `g1` and so on.
   */
  readonly reference: Uint8Array;
  readonly exports: readonly (FunctionType & { readonly name: string })[];
  readonly features: Features;
}

export interface RandomModuleOptions {
  readonly features?: Partial<Features>;
  /** The cap of its memory. */
  readonly pagesMax: number;
}

export function randomModule(seed: number, { features: forced, pagesMax }: RandomModuleOptions): RandomModule {
  const numbers = new SeededNumbers(seed);
  const features = randomFeatures(numbers, forced);
  const shape = new ModuleShape(numbers, features, pagesMax);
  const repertoire = repertoireOf(numbers, features);
  const steps = randomSteps(shape);
  const bodies: Body[] = [];
  for (let self = shape.importCount; self < shape.functions.length; self++) {
    bodies.push(new BodyWriter(numbers, shape, self, repertoire, steps).write());
  }
  const exports = exported(numbers, shape);
  const entries = exports.map(({ name, index }) => ({ name, kind: "func" as const, index }));
  if (shape.memory !== undefined) entries.push({ name: "memory", kind: "memory" as never, index: 0 });
  const globals = shape.globals
    .map(({ mutable }, index) => ({ mutable, kind: "global" as ExportKind, index }))
    .filter(({ mutable }) => mutable)
    .map(({ kind, index }, i) => ({ name: `g${i}`, kind, index }));
  const parts = { ...shape.parts(), start: start(shape) };
  const assemble = (pick: (body: Body) => Uint8Array, more: Partial<ModuleParts>): Uint8Array =>
    encodeModule({
      ...parts,
      ...more,
      functions: bodies.map((body, i) => ({ type: shape.functions[shape.importCount + i]!.type, body: pick(body) })),
    });
  const { memory } = shape;
  return {
    bytes: assemble((body) => body.bytes, { exports: entries }),
    reference: assemble((body) => body.canonical, {
      exports: [...entries, ...globals],
      memory: memory === undefined ? undefined : { min: memory.min, max: memory.max ?? pagesMax },
    }),
    exports,
    features,
  };
}

/** Those that JavaScript may call: it has no vectors. */
function exported(numbers: SeededNumbers, shape: ModuleShape): (FunctionType & { name: string; index: number })[] {
  const callable = (types: readonly ValueType[]): boolean => !types.includes("v128");
  return shape.functions
    .map(({ params, results }, index) => ({ name: `f${index}`, index, params, results }))
    .filter(({ index, params, results }) => index >= shape.importCount && callable(params) && callable(results))
    .filter(({ index }) => index === shape.importCount || numbers.below(3) > 0);
}

function start(shape: ModuleShape): number | undefined {
  if (!shape.features.start) return undefined;
  const index = shape.functions.findIndex(
    ({ params, results }, i) => i >= shape.importCount && params.length === 0 && results.length === 0,
  );
  return index < 0 ? undefined : index;
}

/** Half of the modules use few instructions, those often. */
function repertoireOf(numbers: SeededNumbers, features: Features): Repertoire {
  const full = fullRepertoire(features);
  if (numbers.below(2) === 0) return full;
  const compute = Array.from({ length: 24 }, () => numbers.pick(full.compute));
  return { ...full, compute };
}

const repertoires = new Map<string, Repertoire>();

function fullRepertoire({ floats, vectors, nans }: Features): Repertoire {
  const key = `${floats} ${vectors} ${nans}`;
  let found = repertoires.get(key);
  if (found === undefined) {
    const allowed = (instruction: Instruction): boolean =>
      typesOf(instruction).every(
        (type) => (floats || (type !== "f32" && type !== "f64")) && (vectors || type !== "v128"),
      ) &&
      (!nans || /^f|copysign|reinterpret|v128|lane/.test(instruction.name));
    const compute = [...scalar, ...vector].filter(allowed);
    // Those that show bits come as often as all the others.
    const showing = compute.filter(({ name }) => /copysign|reinterpret_f|f32x4|f64x2/.test(name));
    const often = nans ? Array.from({ length: compute.length }, (_, i) => showing[i % showing.length]!) : [];
    found = { compute: [...compute, ...often], access: [...scalarMemory, ...vectorMemory].filter(allowed) };
    repertoires.set(key, found);
  }
  return found;
}

const typesOf = ({ params, results }: Instruction): readonly ValueType[] => [...params, ...results];
