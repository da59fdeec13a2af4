/**
 * Brings a mesh into an order that depends on its shape alone. Blender writes triangles in another order each time and
 * normals that differ in their last bits, whatever its settings; after this pass two builds are the same bytes.
 */
import type { Accessor, Document, Primitive, Transform } from "@gltf-transform/core";

/** Steps per unit: about what quantisation keeps, far above Blender's noise. */
const stepsOf = (semantic: string): number => (semantic === "NORMAL" ? 127 : semantic === "COLOR_0" ? 255 : 65_536);

/** Expects meshes without indices: `unweld()` before, `weld()` after. */
export const canonical =
  (): Transform =>
  (document: Document): void => {
    for (const mesh of document.getRoot().listMeshes()) mesh.listPrimitives().forEach(sortPrimitive);
  };

function sortPrimitive(primitive: Primitive): void {
  const semantics = primitive.listSemantics().sort();
  const columns = semantics.map((semantic) => primitive.getAttribute(semantic)!);
  const rows = rounded(semantics, columns);
  const keys = rows.map((row) => row.map((value) => value.toFixed(6)).join());
  const order = sortedTriangles(keys).flat();
  let from = 0;
  for (const column of columns) {
    const width = column.getElementSize();
    const array = column.getArray()!;
    const sorted = new (array.constructor as new (length: number) => typeof array)(rows.length * width);
    order.forEach((source, target) => {
      for (let i = 0; i < width; i++) sorted[target * width + i] = rows[source]![from + i]!;
    });
    column.setArray(sorted);
    from += width;
  }
}

/** One row for each corner: all its attributes, rounded. */
function rounded(semantics: readonly string[], columns: readonly Accessor[]): number[][] {
  return Array.from({ length: columns[0]!.getCount() }, (_, corner) =>
    columns.flatMap((column, i) => {
      const steps = stepsOf(semantics[i]!);
      // The little more keeps a value on the border of two steps on one side of it.
      return column.getElement(corner, []).map((value) => Math.round(value * steps + 1e-3) / steps);
    }),
  );
}

/** Each triangle begins with its smallest corner and keeps its winding; triangles are sorted by their corners. */
function sortedTriangles(keys: readonly string[]): number[][] {
  const triangles: { readonly corners: number[]; readonly key: string }[] = [];
  for (let first = 0; first < keys.length; first += 3) {
    let smallest = 0;
    for (const i of [1, 2]) if (keys[first + i]! < keys[first + smallest]!) smallest = i;
    const corners = [0, 1, 2].map((i) => first + ((smallest + i) % 3));
    triangles.push({ corners, key: corners.map((corner) => keys[corner]).join("|") });
  }
  return triangles.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ corners }) => corners);
}
