/** Valid modules made wrong: by flipped bits, cut and moved sections, counts that lie and names that are ours. */
import type { SeededNumbers } from "../../deep/deep.ts";
import { WasmBytes } from "./bytes.ts";
import { header } from "./module.ts";

/** Several mutations of one module, with parts of another. */
export function mutated(numbers: SeededNumbers, module: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes: Uint8Array = module.slice();
  for (let i = 1 + numbers.below(3); i > 0; i--) bytes = numbers.pick(mutations)(numbers, bytes, other);
  return bytes;
}

type Mutation = (numbers: SeededNumbers, module: Uint8Array, other: Uint8Array) => Uint8Array;

const somewhere = (numbers: SeededNumbers, { length }: Uint8Array): number => numbers.below(length + 1);

const flipBit: Mutation = (numbers, module) => {
  if (module.length === 0) return module;
  const at = numbers.below(module.length);
  module[at]! ^= 1 << numbers.below(8);
  return module;
};

const setByte: Mutation = (numbers, module) => {
  if (module.length > 0)
    module[numbers.below(module.length)] = numbers.pick([0, 1, 0x7f, 0x80, 0xff, 0x0b, 0x40, 0xfd]);
  return module;
};

const truncate: Mutation = (numbers, module) => module.slice(0, somewhere(numbers, module));

const cut: Mutation = (numbers, module) => {
  const from = somewhere(numbers, module);
  return joined(module.subarray(0, from), module.subarray(from + 1 + numbers.below(8)));
};

const insert: Mutation = (numbers, module) => {
  const at = somewhere(numbers, module);
  return joined(module.subarray(0, at), numbers.bytes(1 + numbers.below(8)), module.subarray(at));
};

const splice: Mutation = (numbers, module, other) =>
  joined(module.subarray(0, somewhere(numbers, module)), other.subarray(somewhere(numbers, other)));

interface Section {
  readonly id: number;
  readonly contents: Uint8Array;
}

/** As far as they can be told apart. */
function sectionsOf(module: Uint8Array): Section[] {
  const sections: Section[] = [];
  for (let at = 8; at < module.length;) {
    const id = module[at++]!;
    let length = 0;
    for (let shift = 0, byte = 0x80; byte >= 0x80 && shift < 35; shift += 7) {
      byte = module[at++] ?? 0;
      length += (byte & 0x7f) * 2 ** shift;
    }
    sections.push({ id, contents: module.subarray(at, at + length) });
    at += length;
  }
  return sections;
}

function assembled(sections: readonly Section[]): Uint8Array {
  const out = new WasmBytes().bytes(header);
  for (const { id, contents } of sections) out.byte(id).sized(contents);
  return out.copy();
}

const onSections =
  (change: (numbers: SeededNumbers, sections: Section[], other: Section[]) => unknown): Mutation =>
  (numbers, module, other) => {
    const sections = sectionsOf(module);
    if (sections.length === 0) return module;
    change(numbers, sections, sectionsOf(other));
    return assembled(sections);
  };

const swapSections = onSections((numbers, sections) => {
  const [a, b] = [numbers.below(sections.length), numbers.below(sections.length)];
  [sections[a], sections[b]] = [sections[b]!, sections[a]!];
});

const dropSection = onSections((numbers, sections) => sections.splice(numbers.below(sections.length), 1));

const repeatSection = onSections((numbers, sections) => {
  const at = numbers.below(sections.length);
  sections.splice(at, 0, sections[at]!);
});

const exchangeSection = onSections((numbers, sections, other) => {
  const at = numbers.below(sections.length);
  const twin = other.find(({ id }) => id === sections[at]!.id);
  if (twin !== undefined) sections[at] = twin;
});

const customSection = onSections((numbers, sections) => {
  const contents = new WasmBytes()
    .name(numbers.pick(["name", "phatroom", "", "dylink.0"]))
    .bytes(numbers.bytes(9))
    .copy();
  sections.splice(numbers.below(sections.length + 1), 0, { id: 0, contents });
});

/** The first number of a section is mostly how many items it has. */
const lyingCount = onSections((numbers, sections) => {
  const at = numbers.below(sections.length);
  const { id, contents } = sections[at]!;
  const lie = numbers.pick([
    [0x00],
    [0x7f],
    [(contents[0]! + 1) & 0x7f],
    [0x80, 0x00],
    [0xff, 0xff, 0xff, 0xff, 0x0f],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  ]);
  sections[at] = { id, contents: joined(Uint8Array.from(lie), contents.subarray(1)) };
});

const ours = ["phatroom_fuel", "phatroom_depth", "phatroom_pages", "phatroom_global_0", "phatroom_", "memory"];

/** An export more, of something that may not be there. */
const exportMore = onSections((numbers, sections) => {
  const at = sections.findIndex(({ id }) => id === 7);
  if (at < 0) return;
  const { contents } = sections[at]!;
  const entry = new WasmBytes().name(numbers.pick(ours)).byte(numbers.below(5)).unsigned(numbers.below(8));
  const count = Uint8Array.of((contents[0]! + 1) & 0x7f);
  sections[at] = { id: 7, contents: joined(count, contents.subarray(1), entry.view()) };
});

/** Globals that are named in code: also some beyond its own, where ours will be. */
const nameGlobal = onSections((numbers, sections) => {
  const code = sections.findIndex(({ id }) => id === 10);
  if (code < 0) return;
  const contents = sections[code]!.contents.slice();
  const places = [...contents.keys()].filter((at) => contents[at] === 0x23 || contents[at] === 0x24);
  if (places.length === 0) return;
  const at = numbers.pick(places);
  contents[at] = 0x24;
  contents[at + 1] = numbers.below(12);
  sections[code] = { id: 10, contents };
});

const mutations: readonly Mutation[] = [
  flipBit,
  flipBit,
  flipBit,
  flipBit,
  setByte,
  setByte,
  truncate,
  cut,
  insert,
  splice,
  swapSections,
  dropSection,
  repeatSection,
  exchangeSection,
  customSection,
  lyingCount,
  exportMore,
  nameGlobal,
];

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new WasmBytes();
  for (const part of parts) out.bytes(part);
  return out.copy();
}
