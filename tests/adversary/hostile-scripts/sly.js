/** Comes back, or ends in an error of its own. What it did is nobody's business but its room's. */
// oxlint-disable -- what hostile code looks like is the point of this file

export const sly = {
  "replaces Date": () => {
    Date.now = () => 42;
    globalThis.Date = class {
      getTime() {
        return 42;
      }
    };
  },
  "replaces Math.random": () => {
    Math.random = () => 4;
  },
  "replaces Function.prototype.call": () => {
    Function.prototype.call = () => 666;
    Function.prototype.apply = () => 666;
  },
  "replaces the iterator of arrays": () => {
    Array.prototype[Symbol.iterator] = function* () {
      yield 666;
    };
  },
  "replaces Map and Set": () => {
    Map.prototype.get = () => 666;
    Set.prototype.has = () => true;
    globalThis.Map = undefined;
  },
  "puts a getter on every object": () => {
    Object.defineProperty(Object.prototype, "reason", { get: () => "no", set() {} });
  },
  "puts a setter where answers are made": () => {
    Object.defineProperty(Object.prototype, "effects", {
      set() {
        throw new Error("mine");
      },
    });
  },
  "freezes everything": () => {
    for (const name of Reflect.ownKeys(globalThis)) {
      const it = globalThis[name];
      if (it?.prototype) Object.freeze(it.prototype);
      Object.freeze(it);
    }
    Object.freeze(globalThis);
  },
  "deletes every global": () => {
    for (const name of Reflect.ownKeys(globalThis)) delete globalThis[name];
  },
  "empties Object.prototype": () => {
    for (const name of Reflect.ownKeys(Object.prototype)) delete Object.prototype[name];
  },
  "transfers every buffer it meets": () => {
    const set = Uint8Array.prototype.set;
    Uint8Array.prototype.set = function (...rest) {
      set.apply(this, rest);
      this.buffer.transfer();
    };
  },
  "resizes every buffer it meets": () => {
    const { slice } = Uint8Array.prototype;
    Uint8Array.prototype.slice = function (...rest) {
      try {
        this.buffer.resize(1);
      } catch {}
      return slice.apply(this, rest);
    };
  },
  "hides a note in its input": () => {
    const { subarray } = Uint8Array.prototype;
    Uint8Array.prototype.subarray = function (...rest) {
      this.fill(7, 30_000);
      return subarray.apply(this, rest);
    };
  },
  "writes nonsense over its output": () => {
    Uint8Array.prototype.set = function () {
      this.fill(0xc1);
    };
    DataView.prototype.setFloat64 = () => {};
  },
  "asks Function for code": () => Function("return globalThis")(),
  "asks a generator's constructor for code": () => Object.getPrototypeOf(function* () {}).constructor("yield 1"),
  "asks Reflect for code": () => Reflect.construct(Function, ["return 1"], Object),
  "asks an async function's constructor for code": () => Object.getPrototypeOf(async () => {}).constructor("return 1"),
  "looks for weak references": () => [typeof WeakRef, typeof FinalizationRegistry].join(),
  "looks for shared memory": () => [typeof SharedArrayBuffer, typeof Atomics, typeof WebAssembly].join(),
  "looks for clocks": () => [typeof performance, typeof setTimeout, new Date().getTime(), Date.now()].join(),
  "looks for modules": () => void import(["node", "fs"].join(":")),
  "looks for its caller": () => {
    const caller = () => Object.getOwnPropertyNames(caller).join();
    return caller() + typeof arguments;
  },
  "throws nothing": () => {
    throw undefined;
  },
  "throws what throws": () => {
    throw {
      toString() {
        throw new Error("again");
      },
      get stack() {
        for (;;);
      },
    };
  },
  "throws a proxy": () => {
    throw new Proxy(
      {},
      {
        get() {
          throw new Error("again");
        },
      },
    );
  },
  "rejects and nobody looks": () => void Promise.reject(new Error("nobody")),
  "rejects with what never ends": () =>
    void Promise.reject({
      get stack() {
        for (;;);
      },
      toString: () => "x".repeat(2 ** 20),
    }),
  "logs for ever": () => {
    for (;;) console.log("x".repeat(10_000));
  },
  "a regular expression that multiplies": () => new RegExp("((((a{99}){99}){99}){99}){99}"),
  "answers with a promise": () => Promise.resolve(1),
  "prepares stacks as objects": () => {
    Error.prepareStackTrace = () => ({
      toString: () => {
        throw new Error("x");
      },
    });
    throw new Error("mine");
  },
};
