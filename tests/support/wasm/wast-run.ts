/** Runs a script of the specification's tests twice at once: with plain V8, and hardened. */
import { harden, HardenError } from "#enclave/sandbox/hardener/harden.ts";
import type { Assembler } from "../../oracles/wabt.ts";
import { bytesOfString, headOf, isList, readScript, type List, type Node } from "./wast.ts";
import {
  callHardened,
  callPlain,
  globalOf,
  isOfCanonicalNaN,
  same,
  saysNaN,
  show,
  type Outcome,
  type Value,
} from "./wast-outcome.ts";

interface Pair {
  readonly plain: WebAssembly.Exports;
  readonly hardened: WebAssembly.Exports;
}

const pagesMax = 1024;

/** What tests import of the host: nothing that returns something. */
const spectest = ["print", "print_i32"];
const imports: ReadonlySet<string> = new Set(spectest.map((name) => `spectest.${name}`));
const host = { spectest: Object.fromEntries(spectest.map((name) => [name, () => {}])) };

export class WastRun {
  /** Modules that ran hardened. */
  hardened = 0;
  /** Modules that V8 accepts and the hardener does not, by code. */
  readonly refusals = new Map<string, number>();
  /** Modules that neither accepts. */
  invalid = 0;
  /** Assertions about calls. */
  calls = 0;
  /** Those of them that are about the bits of a NaN, where the canonical one is right as well. */
  canonical = 0;
  readonly #assemble: Assembler;
  readonly #named = new Map<string, Pair>();
  readonly #constants = new Map<string, Value>();
  #newest: Pair | undefined;
  #linking = false;

  constructor(assemble: Assembler) {
    this.#assemble = assemble;
  }

  /** @throws Error with what is not as the script says. */
  script(text: string): void {
    const commands = readScript(text);
    this.#readConstants(commands);
    for (const command of commands) {
      try {
        this.#command(command);
      } catch (cause) {
        throw new Error(command.text.slice(0, 300), { cause });
      }
    }
  }

  #command(command: List): void {
    const [, subject, ...rest] = command.items;
    switch (headOf(command)) {
      case "module":
        this.#open(command);
        return;
      case "invoke":
        this.#both(command);
        return;
      case "assert_return":
        this.#assertReturn(subject as List, rest);
        return;
      case "assert_return_canonical_nan":
      case "assert_return_arithmetic_nan":
        this.#assertReturn(subject as List, undefined);
        return;
      case "assert_trap":
      case "assert_exhaustion":
        if (headOf(subject as List) === "module") this.#bytes(subject as List);
        else this.#assertTrap(subject as List);
        return;
      case "assert_invalid":
      case "assert_malformed":
        this.#assertRefused(subject as List);
        return;
      default:
        // `register`: what follows links modules, which rooms do not do. Then only agreement can be asserted.
        this.#linking = true;
    }
  }

  #open(command: List): void {
    this.#newest = undefined;
    const bytes = this.#bytes(command);
    if (bytes === undefined) return;
    const pair = this.#instantiate(bytes) ?? this.#instantiate(this.#bytes(withMemory(command)));
    if (pair === undefined) return;
    this.hardened += 1;
    this.#newest = pair;
    const name = command.items[1];
    if (typeof name === "string" && name.startsWith("$")) this.#named.set(name, pair);
  }

  /** Not if it does not assemble: text alone is not our concern. */
  #bytes({ items, text }: List): Uint8Array | undefined {
    const form = items.find((item) => item === "binary" || item === "quote");
    if (form === "quote") return undefined;
    if (form === "binary") return Buffer.concat(items.filter(isString).map(bytesOfString));
    try {
      return this.#assemble(text);
    } catch {
      return undefined;
    }
  }

  /** Undefined if the hardener refuses it, or if it has nothing to call. */
  #instantiate(bytes: Uint8Array | undefined): Pair | undefined {
    if (bytes === undefined) return undefined;
    let hardened: Uint8Array;
    try {
      hardened = harden(bytes, { imports, pagesMax }).bytes;
    } catch (error) {
      if (!(error instanceof HardenError)) throw error;
      if (!WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>))
        throw new Error("a valid module is not", { cause: error });
      if (error.code !== "memory-missing") this.refusals.set(error.code, (this.refusals.get(error.code) ?? 0) + 1);
      return undefined;
    }
    return { plain: exportsOf(bytes), hardened: exportsOf(hardened) };
  }

  #assertRefused(module: List): void {
    const bytes = this.#bytes(module);
    if (bytes === undefined) return;
    this.invalid += 1;
    try {
      harden(bytes, { imports, pagesMax });
    } catch (error) {
      if (error instanceof HardenError) return;
      throw error;
    }
    // What was invalid in 2017 may be valid today.
    if (!WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>)) throw new Error("an invalid module was hardened");
  }

  #assertReturn(action: List, expected: readonly Node[] | undefined): void {
    const [plain, hardened] = this.#both(action) ?? [];
    if (plain === undefined || hardened === undefined) return;
    const wanted = expected === undefined ? [NaN] : expected.map((node) => this.#constant(node as List));
    if (this.#linking) {
      if (show(plain) !== show(hardened)) throw new Error(`plain it does ${show(plain)}, hardened ${show(hardened)}`);
      return;
    }
    if (saysNaN(action, wanted)) {
      // JavaScript hands over no signalling NaN, so plain V8 need not return what the script says.
      if (!same(hardened, wanted) && !isOfCanonicalNaN(hardened, wanted))
        throw new Error(`hardened: ${show(hardened)}`);
      this.canonical += 1;
      return;
    }
    if (!same(plain, wanted)) throw new Error(`plain V8: ${show(plain)}`);
    if (!same(hardened, wanted)) throw new Error(`hardened: ${show(hardened)}`);
  }

  #assertTrap(action: List): void {
    const [plain, hardened] = this.#both(action) ?? [];
    if (plain === undefined || hardened === undefined) return;
    if (typeof plain !== "string" || typeof hardened !== "string") throw new Error("it returns");
    // Where V8 ends a stack, we do so before.
    const agree = plain === hardened || (plain === "stack" && hardened === "depth");
    if (!agree) throw new Error(`plain it traps with ${plain}, hardened with ${hardened}`);
  }

  #both(action: List): [Outcome, Outcome] | undefined {
    const items = action.items.slice(1);
    const named = typeof items[0] === "string" && items[0].startsWith("$") ? (items.shift() as string) : undefined;
    const pair = named === undefined ? this.#newest : this.#named.get(named);
    if (pair === undefined) return undefined;
    const [literal, ...rest] = items;
    const name = Buffer.from(bytesOfString(literal as string)).toString();
    this.calls += 1;
    if (headOf(action) === "get") return [globalOf(pair.plain, name), globalOf(pair.hardened, name)];
    const args = rest.map((node) => this.#constant(node as List));
    return [callPlain(pair.plain, name, args), callHardened(pair.hardened, name, args)];
  }

  #constant(node: List): Value {
    const value = this.#constants.get(node.text);
    if (value === undefined) throw new Error(`${node.text} is no constant`);
    return value;
  }

  /** The assembler reads numbers: one function for each constant of the script. */
  #readConstants(commands: readonly List[]): void {
    const texts = [...new Set(commands.flatMap((command) => constantsIn(command)))];
    const functions = texts.map((text, i) => `(func (export "${i}") (result ${text.slice(1, 4)}) ${text})`);
    const module = new WebAssembly.Module(
      this.#assemble(`(module ${functions.join("\n")})`) as Uint8Array<ArrayBuffer>,
    );
    const { exports } = new WebAssembly.Instance(module);
    texts.forEach((text, i) => this.#constants.set(text, (exports[i] as () => Value)()));
  }
}

function constantsIn(list: List): string[] {
  const head = headOf(list);
  if (/^[if]\d\d\.const$/.test(head)) return [list.text];
  if (!/^(invoke|assert_return.*|assert_trap|assert_exhaustion)$/.test(head)) return [];
  return list.items.filter(isList).flatMap(constantsIn);
}

const isString = (node: Node): node is string => typeof node === "string" && node.startsWith('"');

/** Rooms have a memory; most tests need none. */
function withMemory({ items, text }: List): List {
  return { items, text: `${text.slice(0, -1)} (memory 0))` };
}

const exportsOf = (bytes: Uint8Array): WebAssembly.Exports =>
  new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), host).exports;
