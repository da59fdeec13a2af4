/** More memory than the room may have. */
// oxlint-disable -- what hostile code looks like is the point of this file

export const greedy = {
  objects: () => {
    const kept = [];
    for (;;) kept.push({ kept });
  },
  bytes: () => {
    const kept = [];
    for (;;) kept.push(new Uint8Array(1 << 20).fill(1));
  },
  text: () => {
    let text = "a";
    for (;;) text += text + text.length;
  },
  "text that is repeated": () => "ab".repeat(2 ** 28).toUpperCase(),
  "text that is padded": () => "a".padStart(2 ** 29, "xyz").padEnd(2 ** 30 - 1, "b"),
  "text that is replaced": () => "a".repeat(100_000).replaceAll("a", "b".repeat(100_000)),
  "text by patterns": () => {
    let text = "a";
    for (;;) text = text.replace(/.*/s, "$&$&$&$&");
  },
  "text cut into letters": () => "a".repeat(8_000_000).split(""),
  "Array(2**32-1)": () => new Array(2 ** 32 - 1).fill(0),
  "a buffer of 2 GiB": () => new ArrayBuffer(2 ** 31),
  "a typed array of 2^32": () => new Float64Array(2 ** 32),
  "a buffer that resizes": () => {
    const buffer = new ArrayBuffer(8, { maxByteLength: 2 ** 30 });
    for (let n = 8; ; n *= 2) buffer.resize(n);
  },
  "a buffer that is transferred": () => {
    let buffer = new ArrayBuffer(8);
    for (;;) buffer = buffer.transfer(buffer.byteLength * 2);
  },
  maps: () => {
    const map = new Map();
    for (let i = 0; ; i++) map.set(i, [i]);
  },
  "sets of text": () => {
    const set = new Set();
    for (let i = 0; ; i++) set.add(`member ${i}`.repeat(50));
  },
  "names of properties": () => {
    const it = {};
    for (let i = 0; ; i++) it[`${"name ".repeat(40)}${i}`] = i;
  },
  symbols: () => {
    const kept = [];
    for (let i = 0; ; i++) kept.push(Symbol.for("s".repeat(1000) + i));
  },
  closures: () => {
    const kept = [];
    for (;;) {
      const big = new Array(1000).fill(kept);
      kept.push(() => big);
    }
  },
  promises: () => {
    const kept = [];
    for (;;) kept.push(new Promise(() => {}));
  },
  "promises that wait for one": () => {
    const one = new Promise(() => {});
    for (;;) one.then(() => {}).then(() => {});
  },
  generators: () => {
    const kept = [];
    for (;;) {
      const it = (function* () {
        yield new Array(100).fill(1);
      })();
      it.next();
      kept.push(it);
    }
  },
  "functions that are bound": () => {
    const kept = [];
    for (;;) kept.push(kept.push.bind(kept, ...new Array(200).fill(1)));
  },
  "regular expressions": () => {
    const kept = [];
    for (let i = 0; ; i++) kept.push(new RegExp(`${"a?".repeat(2000)}${i}`));
  },
  "errors with stacks": () => {
    const kept = [];
    for (;;) kept.push(new Error("e".repeat(1000)));
  },
  "numbers of 2^27 bits": () => 1n << (2n ** 27n),
  holes: () => {
    const it = [];
    for (let i = 2 ** 20; i > 0; i -= 2) it[i] = [i];
  },
  "an array of arguments": () => ((...all) => all.length)(...new Array(2 ** 24).fill(1)),
  "String.fromCharCode of much": () => String.fromCharCode.apply(null, new Uint8Array(2 ** 24)),
  "JSON with much space": () =>
    JSON.stringify(
      Array.from({ length: 2 ** 20 }, () => ({ a: [1] })),
      null,
      10,
    ),
  "a memory bomb that catches everything": () => {
    let kept = [];
    for (;;) {
      try {
        for (;;) kept.push(new Uint8Array(1 << 16).fill(1));
      } catch {
        kept = [];
      }
    }
  },
};
