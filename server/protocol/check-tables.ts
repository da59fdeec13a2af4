/** Tables as a contract declared them, checked in every field and put into the one order a manifest has them in. */
import { wireTables, type WireTable } from "./entities/layout.ts";
import { ProtocolError } from "./errors.ts";
import { frameHeaderLength } from "./limits.ts";
import { choicesOf, placeTables, tableLimits, type Audience, type TableField, type TableLayout } from "./tables.ts";
import { isRecord } from "./value.ts";

/**
 * The layouts of a manifest, by name, with nothing in them that is not declared here. Those who may see a row are in a
 * fixed order too.
 *
 * @throws ProtocolError "malformed", naming the field: an author reads it.
 */
export function checkTables(value: unknown, room?: RoomTerms): readonly TableLayout[] {
  if (!Array.isArray(value) || value.length > tableLimits.tables) {
    return fail("tables", `a list of at most ${tableLimits.tables}`);
  }
  const tables = value.map(checkTable).sort((a, b) => (a.name < b.name ? -1 : 1));
  const twice = tables.find(({ name }, i) => tables[i + 1]?.name === name);
  if (twice !== undefined) return fail(`tables.${twice.name}`, "declared once");
  const { length } = placeTables(tables);
  if (length > tableLimits.bytes) return fail("tables", `at most ${tableLimits.bytes} bytes, and are ${length}`);
  if (room !== undefined) for (const table of tables) checkFit(table, room);
  return tables;
}

/** What a table has to fit in with. */
export interface RoomTerms {
  /** Of the room. */
  readonly seats: number;
  /** 0 if frames have no fixed size. */
  readonly frameBytes: number;
}

/** Beside a row and a list of all ids, what a message takes: head, block, sets of ids. */
const messageOverhead = 40;

function checkFit(table: TableLayout, { seats, frameBytes }: RoomTerms): void {
  const place = `tables.${table.name}`;
  const short = choicesOf(table.audience).find((choice) => choice.who === "revealed" && choice.seats < seats);
  if (short !== undefined) return fail(`${place}.audience`, `revealed to all ${seats} seats of the room`);
  const [{ rowMax, capacity, shown }] = wireTables([table]) as [WireTable];
  const longest = frameHeaderLength + messageOverhead + Math.ceil(capacity / 8) + rowMax;
  if (frameBytes === 0 || !shown || longest <= frameBytes) return;
  return fail("frameBytes", `at least ${longest}, so that a row of ${table.name} fits, or 0`);
}

function checkTable(value: unknown): TableLayout {
  if (!isRecord(value)) return fail("tables", "objects");
  const name = checkName(value["name"], "tables", /^[A-Z][A-Za-z0-9]*$/, "a capital and then letters and digits");
  const place = `tables.${name}`;
  const capacity = whole(value["capacity"], `${place}.capacity`, 1, tableLimits.capacity);
  const fields = checkFields(value["fields"], place);
  const position = checkPosition(value["position"], fields, place);
  return { name, capacity, fields, audience: checkAudience(value["audience"], fields, position, place), position };
}

/** Beside the columns every table has: what accessors are called, and what no identifier may be. */
const reserved = new Set(
  (
    "live generation owner capacity spawn despawn entity revealed reveal hide isRevealed hideFrom hideFromAll constructor " +
    "abstract any as async await bool boolean break case catch class const continue debugger declare default delete do " +
    "else enum export extends f32 f64 false finally for from function get i8 i16 i32 i64 if implements import in " +
    "instanceof interface is isize let module namespace new null number of package private protected public readonly " +
    "return self set static string super switch symbol this throw true try type typeof u8 u16 u32 u64 undefined usize v128 " +
    "var void while with yield"
  ).split(" "),
);

function checkFields(value: unknown, place: string): readonly TableField[] {
  if (!Array.isArray(value) || value.length > tableLimits.fields) {
    return fail(`${place}.fields`, `a list of at most ${tableLimits.fields}`);
  }
  const names = new Set<string>();
  return value.map((field: unknown): TableField => {
    if (!isRecord(field)) return fail(`${place}.fields`, "objects");
    const name = checkName(field["name"], place, /^[a-z][A-Za-z0-9]*$/, "a small letter and then letters and digits");
    const own = `${place}.${name}`;
    if (reserved.has(name)) return fail(own, "called something else: this word has a meaning already");
    if (names.has(name)) return fail(own, "declared once");
    names.add(name);
    return checkField(name, field, own);
  });
}

function checkField(name: string, field: { readonly [key: string]: unknown }, place: string): TableField {
  const { type, min, max } = field;
  switch (type) {
    case "u8":
    case "i8":
    case "u16":
    case "i16":
    case "u32":
    case "i32":
    case "f32":
    case "f64":
    case "bool":
    case "angle16":
      return { name, type };
    case "text":
      return { name, type, bytes: whole(field["bytes"], `${place}.bytes`, 1, tableLimits.textBytes) };
    case "range": {
      if (!isFinite(min) || !isFinite(max) || min >= max) return fail(place, "a range from a number to a larger one");
      const bits = whole(field["bits"], `${place}.bits`, 1, tableLimits.rangeBits);
      return { name, type, min: min + 0, max: max + 0, bits };
    }
    default:
      return fail(place, "of a known type");
  }
}

function checkPosition(value: unknown, fields: readonly TableField[], place: string): TableLayout["position"] {
  if (value === null) return null;
  const [first, second, ...more] = Array.isArray(value) ? (value as unknown[]) : [];
  const isPlace = (name: unknown): name is string =>
    fields.some((field) => field.name === name && !["bool", "text", "angle16"].includes(field.type));
  if (isPlace(first) && isPlace(second) && first !== second && more.length === 0) return [first, second];
  return fail(`${place}.position`, "null or the names of two fields that are numbers");
}

/** In this order within `any`, each at most once. */
const choices = ["owner", "team", "near", "revealed"] as const;

function checkAudience(
  value: unknown,
  fields: readonly TableField[],
  position: TableLayout["position"],
  place: string,
): Audience {
  const own = `${place}.audience`;
  const one = (source: unknown): Audience => {
    if (!isRecord(source)) return fail(own, "an audience");
    const { who, field, radius, full, far, seats } = source;
    switch (who) {
      case "everyone":
      case "nobody":
      case "owner":
        return { who };
      case "revealed":
        return { who, seats: whole(seats, own, 1, tableLimits.seats) };
      case "team": {
        const found = fields.find(({ name, type }) => name === field && /^[ui](8|16|32)$/.test(type));
        return found === undefined
          ? fail(own, "the team in a field that is a whole number")
          : { who, field: found.name };
      }
      case "near":
        if (!isFinite(radius) || radius <= 0) return fail(own, "near within a distance above 0");
        if (position === null) return fail(own, "another: rows without a position are near nobody");
        if (full === undefined && far === undefined) return { who, radius };
        if (!isFinite(full) || full <= 0 || full >= radius)
          return fail(own, "full within a distance below that of near");
        return { who, radius, full, far: whole(far, `${own}.far`, 2, tableLimits.farTicks) };
      default:
        return fail(own, "an audience");
    }
  };
  if (!isRecord(value) || value["who"] !== "any") return one(value);
  const given = Array.isArray(value["of"]) ? value["of"].map(one) : [];
  const of = choices.flatMap((who) => given.filter((audience) => audience.who === who));
  const kinds = new Set(of.map(({ who }) => who));
  if (of.length < 2 || of.length !== given.length || kinds.size !== of.length) {
    return fail(own, `at least two of ${choices.join(", ")}, each once`);
  }
  return { who: "any", of };
}

const isFinite = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

function checkName(value: unknown, place: string, form: RegExp, want: string): string {
  if (typeof value === "string" && form.test(value) && value.length <= tableLimits.nameLength) return value;
  return fail(place, `called by 1 to ${tableLimits.nameLength} characters, ${want}`);
}

function whole(value: unknown, field: string, min: number, max: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  return fail(field, `a whole number from ${min} to ${max}`);
}

function fail(field: string, want: string): never {
  throw new ProtocolError("malformed", `manifest: ${field} must be ${want}`);
}
