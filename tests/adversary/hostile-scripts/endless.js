/** Work without end, or more of it than one call may cost: out of fuel. */
// oxlint-disable -- what hostile code looks like is the point of this file
import { deeply } from "./deeply.js";

export const endless = {
  "for(;;)": () => {
    for (;;);
  },
  "a loop that catches everything": () => {
    for (;;) {
      try {
        for (;;);
      } catch {}
    }
  },
  "a loop in finally": () => {
    try {
      throw 1;
    } finally {
      for (;;);
    }
  },
  "a generator without end": () =>
    [
      ...(function* () {
        for (;;) yield 1 % 2;
      })(),
    ].length,
  "an iterator without end": () => {
    for (const _ of { [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) });
  },
  "an array that grows while it is walked": () => {
    const items = [1];
    for (const item of items) ((items[items.length % 1000] = item), (items.length = 2000));
    for (;;) items.forEach((item) => items.lastIndexOf(item));
  },
  "a map that grows while it is walked": () => {
    const map = new Map([[0, 0]]);
    map.forEach((_, key) => (map.delete(key), map.set(key + 1, 0)));
  },
  "a set that grows while it is walked": () => {
    const set = new Set([0]);
    for (const member of set) (set.delete(member), set.add(member + 1));
  },
  "promises that make promises": () =>
    void (function again() {
      return Promise.resolve().then(again);
    })(),
  "microtasks that make microtasks": () =>
    (function again() {
      queueMicrotask(again);
    })(),
  "await in a loop": () =>
    void (async () => {
      for (;;) await null;
    })(),
  "an async generator": () =>
    void (async () => {
      for await (const _ of (async function* () {
        for (;;) yield 1;
      })());
    })(),
  "a thenable that never settles the same way": () => {
    const thenable = { then: (resolve) => resolve({ then: thenable.then }) };
    void Promise.resolve(thenable);
  },
  "Promise.all without end": () =>
    void Promise.all(
      (function* () {
        for (;;) yield 1;
      })(),
    ),
  "async functions that call each other": () => {
    const a = async () => {
      await null;
      return b();
    };
    const b = async () => {
      await null;
      return a();
    };
    void a();
  },
  "new Array(1e8).join": () => new Array(1e8).join("").length,
  "indexOf over 2^32-1 holes": () => Array.prototype.indexOf.call({ length: 2 ** 32 - 1 }, 1),
  "includes over 2^53-1 holes": () => Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1),
  "lastIndexOf from the far end": () => Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 1),
  "reverse of 2^53-1 holes": () => Array.prototype.reverse.call({ length: 2 ** 53 - 1 }),
  "reduce over 2^53-1 holes": () => Array.prototype.reduce.call({ length: 2 ** 53 - 1 }, (a) => a, 0),
  "splice of 2^53-1 holes": () => Array.prototype.splice.call({ length: 2 ** 53 - 2 }, 0, 1),
  "unshift before 2^53-2 holes": () => Array.prototype.unshift.call({ length: 2 ** 53 - 2 }, 1),
  "copyWithin 2^53-1 holes": () => Array.prototype.copyWithin.call({ length: 2 ** 53 - 1 }, 0, 1),
  "fill of 2^32-1 holes": () => Array.prototype.fill.call({ length: 2 ** 32 - 1 }, 0),
  "concat of something that says it is long": () =>
    [].concat({ length: 2 ** 32 - 2, [Symbol.isConcatSpreadable]: true }),
  "a sort of many": () => Array.from({ length: 400_000 }, (_, i) => (i * 7919) % 400_009).sort((a, b) => a - b)[0],
  "a sort whose comparator works": () =>
    [3, 1, 2].sort(() => {
      for (;;);
    }),
  "a sort of typed numbers by a comparator": () =>
    new Uint32Array(1_000_000).map((_, i) => -i).sort((a, b) => b - a)[0],
  "a sort of words by locale": () =>
    Array.from({ length: 200_000 }, (_, i) => `w${(i * 7919) % 99991}`).sort((a, b) => a.localeCompare(b)),
  "a regular expression that backtracks": () => /^(?:a+)+$/.test(`${"a".repeat(60)}b`),
  "one that backtracks over alternatives": () => /^(?:a|a|ab|b)*c$/.test("ab".repeat(40)),
  "one that backtracks in a lookbehind": () =>
    /(?<=(?:a+)+)b/.test(`${"a".repeat(60)}c${"a".repeat(60)}`) || /^(?=(?:x+x+)+y)/.test("x".repeat(60)),
  "one that backtracks by reference": () => /^(?:(a+)\1?)+$/.test(`${"a".repeat(50)}b`),
  "one that finds nothing everywhere": () =>
    "a"
      .repeat(2_000_000)
      .replace(/(?:)/g, () => "")
      .match(/a*?b/g),
  "one with an exec of its own": () => {
    const pattern = /x/g;
    pattern.exec = () => ({ index: 0, 0: "", length: 1, groups: undefined });
    return "x".replace(pattern, "");
  },
  "one with flags of its own": () => {
    const pattern = /x/;
    Object.defineProperty(pattern, "flags", {
      get: () => {
        for (;;);
      },
    });
    return [..."x".matchAll(pattern)];
  },
  "a power of BigInt": () => 7n ** 3_000_000n,
  "squares of BigInt": () => {
    let n = 3n;
    for (;;) n = (n * n) % (1n << 200_000n);
  },
  "BigInt as text": () => {
    for (let n = 1n << 900_000n; ; n++) n.toString();
  },
  "text as BigInt": () => BigInt("9".repeat(1_000_000)),
  "division of BigInt": () => {
    const n = (1n << 400_000n) + 1n;
    let sum = 0n;
    for (let i = 1n; ; i++) sum += (n * n) / (n + i);
  },
  "numbers as text": () => {
    for (let i = 1; ; i++) ((i / 3).toString(7), (i / 7).toFixed(100), (i * 1e300).toPrecision(100));
  },
  "text as numbers": () => {
    const digits = `1.${"3".repeat(100_000)}e-5`;
    for (;;) Number(digits);
  },
  "JSON with a reviver that adds": () =>
    JSON.parse("[0]", function (key, value) {
      if (Array.isArray(value)) return value;
      this.push?.(0, 0);
      return value;
    }) &&
    JSON.parse(`[${"0,".repeat(200)}0]`, function () {
      for (;;);
    }),
  "JSON of what grows as it is read": () =>
    JSON.stringify({
      toJSON() {
        return {
          toJSON: () => {
            for (;;);
          },
          again: this,
        };
      },
    }),
  "JSON of a graph that is a bush": () => JSON.stringify(deeply(60, (value) => [value, value], 0)).length,
  "JSON of a proxy without end": () =>
    JSON.stringify(new Proxy([], { get: (_, key) => (key === "length" ? 2 ** 31 : 0) })),
  "keys of a proxy without end": () => {
    for (;;)
      Object.keys(
        new Proxy(
          {},
          {
            ownKeys: () => Array.from({ length: 1000 }, (_, i) => `k${i}`),
            getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }),
          },
        ),
      );
  },
  "a getter on every prototype": () => {
    Object.defineProperty(Object.prototype, "then", {
      get() {
        for (;;);
      },
    });
    void Promise.resolve({});
  },
  "Symbol.species that lies": () => {
    class Many extends Array {
      static get [Symbol.species]() {
        return function () {
          return new Proxy([], { defineProperty: () => true });
        };
      }
    }
    const many = new Many(1_000_000).fill(1);
    for (;;) many.map((x) => x);
  },
  "text that is compared": () => {
    const a = "x".repeat(1_000_000);
    for (;;) a + "y" === a + "z";
  },
  "text that is normalised": () => {
    const text = "\u1e9b\u0323".repeat(100_000);
    for (;;) text.normalize("NFKD");
  },
  "text that changes case": () => {
    const text = "\u0130\u00df".repeat(100_000);
    for (;;) text.toLowerCase().toUpperCase();
  },
  "text that is cut up": () => {
    const text = "ab".repeat(50_000);
    for (;;) text.split("a").join("c");
  },
  "text that is searched": () => {
    const text = "a".repeat(1_000_000);
    for (;;) text.indexOf(`${"a".repeat(1000)}b`);
  },
  URIs: () => {
    const text = "\u{1f600}".repeat(20_000);
    for (;;) decodeURIComponent(encodeURIComponent(text));
  },
  "dates as text": () => {
    for (let i = 0; ; i++) (new Date(i * 1e9).toISOString(), Date.parse("2020-02-30T25:00Z"));
  },
  "bytes that are copied": () => {
    const bytes = new Uint8Array(4_000_000);
    for (;;) (bytes.set(bytes.subarray(1)), bytes.slice(), bytes.copyWithin(1, 0));
  },
  "bytes that are searched": () => {
    const bytes = new Uint8Array(4_000_000);
    for (;;) (bytes.indexOf(1), bytes.includes(2), bytes.lastIndexOf(3));
  },
  "typed arrays of another type": () => {
    const bytes = new Uint8Array(1_000_000);
    for (;;) (new Float64Array(bytes), Uint16Array.from(bytes));
  },
  "an error whose stack runs": () => {
    const error = new Error("x");
    Object.defineProperty(error, "stack", {
      get() {
        for (;;);
      },
    });
    return `${error.stack}`;
  },
  "stacks prepared without end": () => {
    Error.prepareStackTrace = () => {
      for (;;);
    };
    return new Error("x").stack;
  },
  "stacks that are long": () => {
    Error.stackTraceLimit = Infinity;
    const deep = (n) => (n === 0 ? new Error("x").stack : deep(n - 1));
    for (;;) deep(150);
  },
  "Reflect.ownKeys of much": () => {
    const big = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i]));
    for (;;) (Reflect.ownKeys(big), Object.entries(big), { ...big });
  },
  "spreading much": () => {
    const many = new Array(30_000).fill(1);
    for (;;) (Math.max(...many), [...many, ...many]);
  },
  "instanceof with a hook": () => {
    for (;;) ({}) instanceof { [Symbol.hasInstance]: () => [].concat([1, 2]) };
  },
  "closures that dispose": () => {
    for (;;) {
      const stack = new DisposableStack();
      for (let i = 0; i < 1000; i++) stack.defer(() => {});
      stack.dispose();
    }
  },
  "garbage in circles": () => {
    for (;;) {
      const a = {};
      a.b = { a, c: new Map([[a, a]]) };
    }
  },
  "weak maps": () => {
    const weak = new WeakMap();
    for (;;) weak.set({}, { weak });
  },
};
