/** Nested more deeply than there is stack: an error that a script may catch, or the end of the call. */
// oxlint-disable -- what hostile code looks like is the point of this file
import { deeply } from "./deeply.js";

export const deep = {
  recursion: () => {
    const down = (n) => down(n + 1) + 1;
    return down(0);
  },
  "recursion that catches": () => {
    const down = () => {
      try {
        down();
      } catch {
        down();
      }
    };
    down();
    for (;;);
  },
  "recursion in constructors": () => {
    class A {
      constructor() {
        new A();
      }
    }
    return new A();
  },
  "recursion in default values": () => {
    const down = (a = down()) => a;
    return down();
  },
  "recursion in toString": () => {
    const it = { toString: () => `${it}` };
    return String(it);
  },
  "recursion in valueOf": () => {
    const it = { valueOf: () => it + 1 };
    return it + 1;
  },
  "recursion in Symbol.toPrimitive": () => {
    const it = { [Symbol.toPrimitive]: () => new Date(it) };
    return new Date(it);
  },
  "recursion in a getter": () => {
    const it = {
      get it() {
        return it.it;
      },
    };
    return it.it;
  },
  "recursion in a setter": () => {
    const it = {
      set it(v) {
        it.it = v;
      },
    };
    return (it.it = 1);
  },
  "recursion in a proxy": () => {
    const it = new Proxy({}, { get: () => it.it });
    return it.it;
  },
  "recursion in a chain of proxies": () => deeply(3_000, (it) => new Proxy(it, {}), {}).it,
  "recursion in a chain of prototypes that are proxies": () => "it" in deeply(3_000, (it) => new Proxy(it, {}), {}),
  "recursion in a chain of bound functions": () =>
    deeply(
      3_000,
      (it) => it.bind(null),
      () => 1,
    )(),
  "recursion in sort": () => {
    const down = () => [2, 1].sort(down)[0];
    return down();
  },
  "recursion in map": () => {
    const down = () => [1].map(down);
    return down();
  },
  "recursion in replace": () => {
    const down = () => "a".replace(/a/, down);
    return down();
  },
  "recursion in a reviver": () => {
    const down = () => JSON.parse("[1]", down);
    return down();
  },
  "recursion in toJSON": () => {
    const it = { toJSON: () => JSON.stringify(it) };
    return JSON.stringify(it);
  },
  "recursion in generators": () => {
    function* down() {
      yield* down();
    }
    return [...down()];
  },
  "recursion in iterators": () => {
    const it = {
      *[Symbol.iterator]() {
        yield* [...it];
      },
    };
    return [...it];
  },
  "recursion in async functions": () =>
    void (async function down() {
      await down();
    })(),
  "recursion in tagged templates": () => {
    const down = () => down``;
    return down``;
  },
  "recursion in Symbol.hasInstance": () => {
    const it = { [Symbol.hasInstance]: () => 1 instanceof it };
    return 1 instanceof it;
  },
  "recursion in Reflect": () => {
    const down = () => Reflect.apply(down, null, []);
    return down();
  },
  "recursion in Reflect.construct": () => {
    function Down() {
      return Reflect.construct(Down, [], Down);
    }
    return new Down();
  },
  "recursion in species": () => {
    class Many extends Array {
      constructor(...a) {
        super(...a);
        if (a.length < 2) this.map((x) => x);
      }
    }
    return new Many(3);
  },
  "recursion in length": () => {
    const it = {
      get length() {
        return Array.prototype.copyWithin.call(it, 0, 1);
      },
    };
    return it.length;
  },
  "recursion in a stack": () => {
    const it = {
      get stack() {
        return it.stack;
      },
    };
    return it.stack;
  },
  "recursion in Map.forEach": () => {
    const map = new Map([[1, 1]]);
    const down = () => map.forEach(down);
    return down();
  },
  "deep JSON": () => JSON.parse("[".repeat(20_000)),
  "deep JSON of objects": () => JSON.parse('{"a":'.repeat(20_000)),
  "deep arrays as JSON": () => JSON.stringify(deeply(2_500, (it) => [it], 0)),
  "deep objects as JSON": () => JSON.stringify(deeply(2_500, (it) => ({ it }), 0)),
  "deep arrays as text": () => String(deeply(4_000, (it) => [it], 0)),
  "deep arrays made flat": () => deeply(4_000, (it) => [it], 0).flat(Infinity),
  "classes of classes": () => new (deeply(800, (It) => class extends It {}, class {}))(),
  "a regular expression of groups": () => new RegExp(`${"(?:".repeat(20_000)}a${")".repeat(20_000)}`),
  "a regular expression of sets": () => new RegExp(`${"[".repeat(20_000)}a${"]".repeat(20_000)}`, "v"),
  "a regular expression of lookaheads": () => new RegExp(`${"(?=".repeat(20_000)}a${")".repeat(20_000)}`),
};
