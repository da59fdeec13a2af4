/** Counts the arrays of numbers and the buffers that are made while something runs; views of one that is there are none. */

const kinds = ["Uint8Array", "Uint16Array", "Int16Array", "Uint32Array", "Int32Array", "Float32Array", "Float64Array"];

type Constructor = new (...args: unknown[]) => object;

/** Counted is what code makes by these names, or by `slice`: where nothing is made there is nothing to collect. */
export function buffersMadeBy(work: () => void): number {
  let made = 0;
  const names = [...kinds, "ArrayBuffer"];
  const globals = globalThis as unknown as Record<string, Constructor>;
  const before = names.map((name) => globals[name]!);
  // oxlint-disable-next-line typescript/unbound-method -- it is called on whatever is sliced
  const { slice } = Object.getPrototypeOf(Uint8Array.prototype) as { slice: (...args: number[]) => object };
  const counting = (original: Constructor): Constructor =>
    new Proxy(original, {
      construct(target, args, maker) {
        if (!(args[0] instanceof ArrayBuffer)) made += 1;
        return Reflect.construct(target, args, maker === globals[original.name] ? target : maker) as object;
      },
    });
  const prototype = Object.getPrototypeOf(Uint8Array.prototype) as { slice: unknown };
  try {
    names.forEach((name, i) => (globals[name] = counting(before[i]!)));
    prototype.slice = function (...args: number[]) {
      made += 1;
      return slice.apply(this, args);
    };
    work();
  } finally {
    names.forEach((name, i) => (globals[name] = before[i]!));
    prototype.slice = slice;
  }
  return made;
}
