/**
 * A contract's own `predict`, as a hardened module without imports: it computes, and can do nothing else. No script of an
 * author's runs in the page.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "#protocol/bytes.ts";
import { placeTables, type PlacedColumn, type PlacedTable, type TableLayout } from "#protocol/tables.ts";
import { ClientError } from "../errors.ts";

/** What one step may cost: some hundred times what moving a body does. */
const fuelMax = 1_000_000;
/** Pages of 64 KiB it may take: as the build allows for. */
const pagesMax = 64;

export interface Predictor {
  readonly module: WebAssembly.Module;
}

/**
 * @param bytes of `<name>.predict.wasm`, as `phatroom build` wrote them.
 * @param hash what the page has built in, 64 hex digits; the contract's manifest names it as `predict`.
 * @throws ClientError "malformed" if they are other bytes, or no such module.
 */
export async function loadPredictor(bytes: Uint8Array, { hash }: { readonly hash?: string } = {}): Promise<Predictor> {
  if (hash !== undefined && bytesToHex(sha256(bytes)) !== hash)
    throw refused("other bytes than the page was built with");
  const module = await WebAssembly.compile(new Uint8Array(bytes)).catch(() => {
    throw refused("no WebAssembly");
  });
  if (WebAssembly.Module.imports(module).length > 0) throw refused("it reaches for something");
  const names = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  const missing = ["memory", "predict", "predict_tables", "phatroom_refuel", "phatroom_pages"].find(
    (name) => !names.has(name),
  );
  if (missing !== undefined) throw refused(`it has no ${missing}`);
  return { module };
}

const refused = (detail: string): ClientError => new ClientError("malformed", { detail: `predictor: ${detail}` });

/** What the hardener and the build export. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly predict: (row: number, seat: number) => void;
  readonly predict_tables: () => number;
  readonly phatroom_refuel: (fuel: number) => number;
  readonly phatroom_pages: WebAssembly.Global<"i32">;
  readonly _initialize?: () => void;
}

/** One room's rows in a predictor's memory: row 0 of every table. */
export class PredictorRows {
  readonly #exports: Exports;
  readonly #at: number;
  readonly #tables: readonly PlacedTable[];

  /**
   * @param layouts of all components of the contract.
   * @throws whatever a module can: it is not the contract's then.
   */
  constructor({ module }: Predictor, layouts: readonly TableLayout[]) {
    // Its names were looked at when it was loaded; what they are shows when they are used.
    const exports = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
    this.#exports = exports;
    exports.phatroom_pages.value = pagesMax;
    exports.phatroom_refuel(fuelMax);
    exports._initialize?.();
    this.#at = exports.predict_tables() >>> 0;
    const { tables, length } = placeTables(layouts);
    this.#tables = tables;
    if (this.#at + length > exports.memory.buffer.byteLength) throw new RangeError("tables beyond the memory");
  }

  /** Whether the row of this table is there. */
  setLive(table: number, live: boolean): void {
    const [alive, generation, owner] = this.#tables[table]!.columns;
    const view = this.#view();
    view.setUint8(this.#at + alive!.at, live ? 1 : 0);
    view.setUint16(this.#at + generation!.at, 1, true);
    view.setInt16(this.#at + owner!.at, 0, true);
  }

  /** @param field counted among the table's own. */
  read(table: number, field: number): number {
    return readNumber(this.#view(), this.#at, this.#column(table, field));
  }

  write(table: number, field: number, value: number): void {
    writeNumber(this.#view(), this.#at, this.#column(table, field), value);
  }

  /** @throws whatever the module can. */
  step(): void {
    this.#exports.phatroom_refuel(fuelMax);
    this.#exports.predict(0, 0);
  }

  #column(table: number, field: number): PlacedColumn {
    // Behind live, generation and owner.
    return this.#tables[table]!.columns[3 + field]!;
  }

  #view(): DataView {
    return new DataView(this.#exports.memory.buffer);
  }
}

function readNumber(view: DataView, region: number, { type, at }: PlacedColumn): number {
  const place = region + at;
  switch (type) {
    case "i8":
      return view.getInt8(place);
    case "u16":
      return view.getUint16(place, true);
    case "i16":
      return view.getInt16(place, true);
    case "u32":
      return view.getUint32(place, true);
    case "i32":
      return view.getInt32(place, true);
    case "f32":
    case "angle16":
    case "range":
      return view.getFloat32(place, true);
    case "f64":
      return view.getFloat64(place, true);
    case "u8":
    case "bool":
    case "text":
      return view.getUint8(place);
  }
}

function writeNumber(view: DataView, region: number, { type, at }: PlacedColumn, value: number): void {
  const place = region + at;
  switch (type) {
    case "u16":
    case "i16":
      return view.setInt16(place, value, true);
    case "u32":
    case "i32":
      return view.setInt32(place, value, true);
    case "f32":
    case "angle16":
    case "range":
      return view.setFloat32(place, value, true);
    case "f64":
      return view.setFloat64(place, value, true);
    case "u8":
    case "i8":
    case "bool":
    case "text":
      return view.setInt8(place, value);
  }
}
