/**
 * Every global a contract may see. What is not in this table does not exist inside the sandbox.
 *
 * Three things the language leaves to chance are answered from the room: `Date` stands at the room's tick, `Math.random`
 * draws from the room's stream, `console` goes nowhere outside development. Nothing compiles text: the engine is made
 * without `eval`, so `Function` is there for `instanceof` and throws when called.
 */

const values = ["globalThis", "undefined", "NaN", "Infinity"];

const functions = [
  "parseInt",
  "parseFloat",
  "isNaN",
  "isFinite",
  "decodeURI",
  "decodeURIComponent",
  "encodeURI",
  "encodeURIComponent",
  "queueMicrotask",
];

const objects = ["Object", "Function", "Boolean", "Symbol", "Number", "BigInt", "String", "Array", "Iterator"];

const errors = [
  "Error",
  "AggregateError",
  "EvalError",
  "RangeError",
  "ReferenceError",
  "SyntaxError",
  "TypeError",
  "URIError",
  "InternalError",
  "SuppressedError",
];

const libraries = ["JSON", "Math", "Reflect", "Proxy", "RegExp", "Date", "Promise", "console"];

const collections = ["Map", "Set", "WeakMap", "WeakSet", "DisposableStack", "AsyncDisposableStack"];

const bytes = [
  "ArrayBuffer",
  "DataView",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "BigInt64Array",
  "BigUint64Array",
  "Float16Array",
  "Float32Array",
  "Float64Array",
];

export const permits: readonly string[] = [
  ...values,
  ...functions,
  ...objects,
  ...errors,
  ...libraries,
  ...collections,
  ...bytes,
];

/** The object by which host and bundle find each other. The bundle's first module takes it away from the globals. */
export const hostGlobal = "phatroomHost";

/**
 * Runs inside the sandbox before the bundle: removes every other global and puts the replacements in place. It is text
 * because it must be the same bytes wherever it is compiled: it is part of every base image.
 */
export const permitsScript = `"use strict";
(() => {
  const host = globalThis.${hostGlobal};
  const permitted = new Set(${JSON.stringify([...permits, hostGlobal])});

  let draw = () => {
    throw new Error("Math.random has nothing to draw from here. Inside a rule, use context.random.");
  };
  Object.defineProperty(Math, "random", { value: () => draw(), writable: true, configurable: true });
  host.drawFrom = (source) => { draw = source; };

  const text = (value) => {
    if (typeof value === "string") return value;
    if (value instanceof Error) return String(value) + "\\n" + value.stack;
    try { return JSON.stringify(value) ?? String(value); } catch { return String(value); }
  };
  const log = host.log;
  const print = (...values) => { log(values.map(text).join(" ")); };
  const console = {};
  for (const name of ["log", "info", "warn", "error", "debug", "trace"]) console[name] = print;
  console.assert = (condition, ...values) => { if (!condition) print("Assertion failed:", ...values); };
  globalThis.console = console;

  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!permitted.has(name)) delete globalThis[name];
  }
})();
`;
