/**
 * A tree of plain values that came in: a move, the payload of a timer.
 *
 * Whoever reads it says what it must be. What a player sent wrongly does not end the call: it is noted, the reader gets
 * some value of the right type, and the SDK refuses the move before `apply` sees it. The sentences are those of valibot,
 * so that a contract in TypeScript and its twin in AssemblyScript refuse alike.
 */
import { alternatives, noteProblem, numberText, unexpected } from "./problems";

export enum Kind {
  /** Not there: a member that was asked for in vain. */
  Absent,
  Nothing,
  Flag,
  Number,
  Text,
  Bytes,
  List,
  Map,
}

const noValues: Value[] = [];
const noNames: string[] = [];
const noBytes = new Uint8Array(0);

export class Value {
  kind: Kind;
  /** The number; 1 or 0 for a flag. */
  asNumber: f64 = 0;
  asText: string = "";
  asBytes: Uint8Array = noBytes;
  /** Of a list or map. */
  items: Value[] = noValues;
  /** Of the items of a map. */
  names: string[] = noNames;
  /** Whether all in it had the type that it was asked for so far. */
  typed: bool = true;
  private parent: Value | null = null;
  private name: string = "";
  /** Whether something was said about it that makes all else about it needless. */
  private settled: bool = false;
  private wasRead: bool = false;
  private wasReadAsMap: bool = false;

  constructor(kind: Kind) {
    this.kind = kind;
  }

  get isNothing(): bool {
    return this.kind == Kind.Nothing;
  }

  /** A member of a map that must be there: one entry of `v.strictObject`. */
  member(name: string): Value {
    if (!this.isObject()) return this.absent(name);
    const found = this.find(name);
    if (found !== null) return found;
    this.note(`Invalid key: Expected "${name}" but received undefined`, true, name);
    return this.absent(name);
  }

  /** A member of a map, or null if it has none of this name: `v.optional`. */
  optional(name: string): Value | null {
    return this.isObject() ? this.find(name) : null;
  }

  /** An item of a list that must be there: one entry of `v.strictTuple`. */
  item(index: i32): Value {
    const name = index.toString();
    if (!this.isList()) return this.absent(name);
    if (index >= this.items.length) {
      const missing = new Value(Kind.Absent);
      missing.putInto(this, name);
      return missing;
    }
    const found = this.items[index];
    found.putInto(this, name);
    return found;
  }

  /** All items of a list of at most so many: `v.pipe(v.array(…), v.maxLength(max))`. */
  list(max: i32 = i32.MAX_VALUE): Value[] {
    if (!this.isList()) return noValues;
    const length = this.items.length;
    if (length > max) this.note(`Invalid length: Expected <=${max} but received ${length}`, false);
    for (let i = 0; i < length; i++) this.items[i].putInto(this, i.toString());
    return this.items;
  }

  /** And nothing else: notes what was not asked for. After all members or items were. */
  only(): void {
    for (let i = 0; i < this.items.length; i++) {
      const item = this.items[i];
      if (item.wasRead) continue;
      if (this.kind == Kind.Map) return this.noteKey(this.names[i]);
      if (this.wasReadAsMap) return this.noteKey(i.toString());
      return this.note(unexpected("type", "never", item), true, i.toString());
    }
    if (this.asBytes.length > 0) this.noteKey("0");
  }

  /** `v.variant`: the member that says which of several maps this is. "" if it is none of them. */
  variant(name: string, options: string[]): string {
    if (!this.isObject()) return "";
    const found = this.find(name);
    const text = found !== null && found.kind == Kind.Text ? found.asText : "";
    if (found !== null && found.kind == Kind.Text && options.includes(text)) return text;
    this.note(unexpected("type", alternatives(options), found), true, name);
    this.settle();
    return "";
  }

  /** `v.picklist`: one of these; the first if it is none of them. */
  choice(options: string[]): string {
    if (this.kind == Kind.Text && options.includes(this.asText)) return this.asText;
    this.noteType(alternatives(options));
    return options[0];
  }

  /** `v.boolean()` */
  flag(): bool {
    if (this.kind == Kind.Flag) return this.asNumber != 0;
    this.noteType("boolean");
    return false;
  }

  /** `v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))` */
  whole(min: i32 = i32.MIN_VALUE, max: i32 = i32.MAX_VALUE): i32 {
    if (!this.isNumber()) return min;
    const number = this.asNumber;
    const isWhole = number == Math.trunc(number) && isFinite(number);
    if (!isWhole) this.note(`Invalid integer: Received ${numberText(number)}`, false);
    const isWithin = this.checkRange(<f64>min, <f64>max);
    return isWhole && isWithin ? <i32>number : min;
  }

  /** `v.pipe(v.number(), v.minValue(min), v.maxValue(max))` */
  number(min: f64 = -Infinity, max: f64 = Infinity): f64 {
    return this.isNumber() && this.checkRange(min, max) ? this.asNumber : 0;
  }

  /** `v.pipe(v.string(), v.maxLength(max))`, in UTF-16 units. */
  text(max: i32 = i32.MAX_VALUE): string {
    if (this.kind != Kind.Text) {
      this.noteType("string");
      return "";
    }
    const length = this.asText.length;
    if (length <= max) return this.asText;
    this.note(`Invalid length: Expected <=${max} but received ${length}`, false);
    return "";
  }

  /** `v.instance(Uint8Array)` of at most so many bytes. */
  bytes(max: i32 = i32.MAX_VALUE): Uint8Array {
    if (this.kind != Kind.Bytes) {
      this.noteType("Uint8Array");
      return noBytes;
    }
    const length = this.asBytes.length;
    if (length <= max) return this.asBytes;
    this.note(`Invalid length: Expected <=${max} but received ${length}`, false);
    return noBytes;
  }

  /** `v.check`: a rule of the author's own. It is not asked where something has not the right type. */
  check(holds: bool, sentence: string): void {
    if (this.typed && !holds) this.note(sentence, false);
  }

  private find(name: string): Value | null {
    for (let i = 0; i < this.names.length; i++) {
      if (this.names[i] != name) continue;
      const found = this.items[i];
      found.putInto(this, name);
      return found;
    }
    return null;
  }

  private putInto(parent: Value, name: string): void {
    this.parent = parent;
    this.name = name;
    this.wasRead = true;
    if (parent.settled) this.settle();
  }

  /** What was not there, and was said not to be: nothing more is said about it. */
  private absent(name: string): Value {
    const absent = new Value(Kind.Absent);
    absent.putInto(this, name);
    absent.settle();
    return absent;
  }

  private settle(): void {
    this.settled = true;
    this.typed = false;
  }

  /** As in JavaScript: whatever has members, lists and bytes among them. */
  private isObject(): bool {
    this.wasReadAsMap = true;
    if (this.kind >= Kind.Bytes) return true;
    this.noteType("Object");
    return false;
  }

  private isList(): bool {
    if (this.kind == Kind.List) return true;
    this.noteType("Array");
    return false;
  }

  private isNumber(): bool {
    if (this.kind == Kind.Number) return true;
    this.noteType("number");
    return false;
  }

  private checkRange(min: f64, max: f64): bool {
    const number = this.asNumber;
    const received = numberText(number);
    if (number < min) this.note(`Invalid value: Expected >=${numberText(min)} but received ${received}`, false);
    if (number > max) this.note(`Invalid value: Expected <=${numberText(max)} but received ${received}`, false);
    return number >= min && number <= max;
  }

  private noteType(expected: string): void {
    this.note(unexpected("type", expected, this), true);
    this.settle();
  }

  private noteKey(name: string): void {
    this.note(`Invalid key: Expected never but received "${name}"`, true, name);
  }

  private note(words: string, isType: bool, member: string = ""): void {
    if (this.settled) return;
    let path = member;
    for (let value: Value | null = this; value !== null; value = value.parent) {
      if (isType) value.typed = false;
      if (value.name != "") path = path == "" ? value.name : `${value.name}.${path}`;
    }
    noteProblem(path == "" ? words : `${path}: ${words}`);
  }
}
