/** Attacks on attestation documents of AWS Nitro Enclaves: what wraps them, their encoding, and what they say. */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { concatBytes, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { flip, now } from "../forge.ts";
import { array, bytes, head, map, nothing, openMap, text, unsigned } from "../nitro/cbor.ts";
import {
  keys,
  type Members,
  type NitroForgery,
  protectedHeader,
  register,
  stranger,
  verifyForgedNitro,
  written,
} from "../nitro/forge.ts";
import type { Attack } from "./attack.ts";

export type NitroCase = readonly [code: AttestationErrorCode, what: string, forgery: NitroForgery];

const members = (change: NitroForgery["members"] & object): NitroForgery => ({ members: change });
const zero = Uint8Array.of(0);

/** What is around the payload, which nobody signs but its own parts. */
const wrappers: readonly NitroCase[] = [
  ["quote-malformed", "no document", { quote: () => new Uint8Array(0) }],
  ["quote-malformed", "a document whose last byte is missing", { quote: (quote) => quote.subarray(0, -1) }],
  ["quote-malformed", "a document and a zero more", { quote: (quote) => concatBytes(quote, zero) }],
  ["quote-malformed", "a document in a tag", { quote: (quote) => concatBytes(Uint8Array.of(0xd2), quote) }],
  ["quote-malformed", "three parts", { wrapper: (parts) => array(...parts.slice(0, 3)) }],
  ["quote-malformed", "five parts", { wrapper: (parts) => array(...parts, nothing) }],
  [
    "quote-malformed",
    "parts without a count",
    { wrapper: (parts) => concatBytes(Uint8Array.of(0x9f), ...parts, Uint8Array.of(0xff)) },
  ],
  ["quote-malformed", "a count in two bytes", { wrapper: (parts) => concatBytes(head(4, 4, 1), ...parts) }],
  [
    "evidence-unsupported",
    "no protected header",
    { wrapper: (parts) => array(bytes(new Uint8Array(0)), ...parts.slice(1)) },
  ],
  [
    "evidence-unsupported",
    "another algorithm",
    { wrapper: (parts) => array(bytes(hexToBytes("a10126")), ...parts.slice(1)) },
  ],
  [
    "evidence-unsupported",
    "something more in the protected header",
    { wrapper: (parts) => array(bytes(hexToBytes("a20138220400")), ...parts.slice(1)) },
  ],
  [
    "evidence-unsupported",
    "the protected header in a longer spelling",
    { wrapper: (parts) => array(bytes(hexToBytes("a101390022")), ...parts.slice(1)) },
  ],
  [
    "quote-malformed",
    "an algorithm that nobody signed",
    { wrapper: (parts) => array(parts[0]!, map([unsigned(1), unsigned(5)]), ...parts.slice(2)) },
  ],
  [
    "quote-malformed",
    "a protected header that is a map",
    { wrapper: (parts) => array(protectedHeader, ...parts.slice(1)) },
  ],
  ["quote-malformed", "no payload", { wrapper: (parts) => array(parts[0]!, parts[1]!, nothing, parts[3]!) }],
  [
    "quote-malformed",
    "a payload in pieces",
    {
      wrapper: (parts) =>
        array(parts[0]!, parts[1]!, concatBytes(Uint8Array.of(0x5f), parts[2]!, Uint8Array.of(0xff)), parts[3]!),
    },
  ],
  [
    "quote-malformed",
    "a signature that is too short",
    { wrapper: (parts) => array(...parts.slice(0, 3), bytes(new Uint8Array(95))) },
  ],
  [
    "quote-malformed",
    "a signature that is too long",
    { wrapper: (parts) => array(...parts.slice(0, 3), bytes(new Uint8Array(97))) },
  ],
  [
    "quote-signature",
    "a signature of zeros",
    { wrapper: (parts) => array(...parts.slice(0, 3), bytes(new Uint8Array(96))) },
  ],
  ["quote-signature", "a signature with a bit flipped", { quote: (quote) => flip(quote, -1) }],
  ["quote-signature", "a document that a stranger signed", { reporter: stranger }],
  ["quote-signature", "a document that its instance signed", { reporter: keys.instance }],
];

const reordered = (names: (all: readonly string[]) => readonly string[]) => (given: Members) =>
  openMap(...names(Object.keys(given)).map((name) => [text(name), given[name]!] as const));

const entries = (given: Members) => Object.entries(given).map(([name, value]) => [text(name), value] as const);

const names = [
  "module_id",
  "digest",
  "timestamp",
  "pcrs",
  "certificate",
  "cabundle",
  "public_key",
  "user_data",
  "nonce",
] as const;

/** Signed by the enclave's own key: whoever has it still cannot make us read anything in two ways. */
const payloads: readonly NitroCase[] = [
  ...names.flatMap((name): readonly NitroCase[] => [
    ["quote-malformed", `a document without its ${name}`, members({ [name]: undefined })],
    ["quote-malformed", `${name} twice`, { payload: reordered((all) => [...all, name]) }],
    ["quote-malformed", `${name} that is a truth value`, members({ [name]: Uint8Array.of(0xf5) })],
    ["quote-malformed", `${name} in capitals`, members({ [name]: undefined, [name.toUpperCase()]: nothing })],
  ]),
  [
    "quote-malformed",
    "a member that there is not",
    { payload: (given) => openMap(...entries(given), [text("debug"), nothing]) },
  ],
  [
    "quote-malformed",
    "a member that names the prototype",
    { payload: (given) => openMap(...entries(given).slice(1), [text("__proto__"), nothing]) },
  ],
  ["quote-malformed", "a payload that does not end", { payload: (given) => written(given).subarray(0, -1) }],
  ["quote-malformed", "a payload and something more", { payload: (given) => concatBytes(written(given), zero) }],
  ["quote-malformed", "a payload that is a list", { payload: (given) => array(...Object.values(given)) }],
  ["quote-malformed", "an empty payload", { payload: () => new Uint8Array(0) }],
  [
    "quote-malformed",
    "a payload whose length is in four bytes",
    { payload: (given) => concatBytes(head(5, 9, 4), ...entries(given).flat()) },
  ],
  [
    "quote-malformed",
    "a payload that says it has more members",
    { payload: (given) => concatBytes(head(5, 10), ...entries(given).flat()) },
  ],
  [
    "quote-malformed",
    "a payload that says it has fewer members",
    { payload: (given) => concatBytes(head(5, 8), ...entries(given).flat()) },
  ],
  [
    "quote-malformed",
    "a name that is bytes",
    { payload: (given) => openMap([bytes(utf8ToBytes("nonce")), nothing], ...entries(given)) },
  ],
  ["evidence-unsupported", "another digest", members({ digest: text("SHA256") })],
  ["quote-malformed", "a module without a name", members({ module_id: text("") })],
  ["quote-malformed", "a module with a name that is too long", members({ module_id: text("i".repeat(129)) })],
  [
    "quote-malformed",
    "a module's name that is not ASCII",
    members({ module_id: concatBytes(head(3, 2), utf8ToBytes("é")) }),
  ],
  ["quote-malformed", "a number in a longer spelling", members({ timestamp: head(0, 5, 2) })],
  ["quote-malformed", "a number beyond what is exact", members({ timestamp: hexToBytes("1bffffffffffffffff") })],
  ["quote-malformed", "a number below zero", members({ timestamp: hexToBytes("3903e7") })],
  ["quote-malformed", "a fraction", members({ timestamp: hexToBytes("f93c00") })],
  ["quote-malformed", "user data beyond its limit", members({ user_data: bytes(new Uint8Array(513)) })],
  ["quote-malformed", "a nonce beyond its limit", members({ nonce: bytes(new Uint8Array(513)) })],
  ["quote-malformed", "a key beyond its limit", members({ public_key: bytes(new Uint8Array(1025)) })],
  ["quote-malformed", "user data that says it is longer", members({ user_data: head(2, 500) })],
  ["quote-malformed", "user data of a length beyond all", members({ user_data: hexToBytes("5b7fffffffffffffff") })],
  [
    "quote-malformed",
    "too many certificates",
    members({ cabundle: array(...Array.from({ length: 9 }, () => bytes(zero))) }),
  ],
];

const pcrs = (...all: readonly (readonly [number, Uint8Array])[]): NitroForgery =>
  members({ pcrs: map(...all.map(([number, value]) => [unsigned(number), bytes(value)] as const)) });

const one = register(1);

const registers: readonly NitroCase[] = [
  [
    "debug-enclave",
    "an enclave that was started for debugging",
    { pcrs: { 0: register(0), 1: register(0), 2: register(0) } },
  ],
  ["debug-enclave", "an image that measures zeros", { pcrs: { 0: register(0) } }],
  ["debug-enclave", "a kernel that measures zeros", { pcrs: { 1: register(0) } }],
  ["debug-enclave", "an application that measures zeros", { pcrs: { 2: register(0) } }],
  ["quote-malformed", "no registers", pcrs()],
  ["quote-malformed", "no PCR0", pcrs([1, one], [2, one])],
  ["quote-malformed", "no PCR2", pcrs([0, one], [1, one])],
  ["quote-malformed", "registers out of order", pcrs([1, one], [0, one], [2, one])],
  ["quote-malformed", "a register twice", pcrs([0, one], [0, register(2)], [1, one], [2, one])],
  ["quote-malformed", "a register beyond the last", pcrs([0, one], [1, one], [2, one], [32, one])],
  ["quote-malformed", "a register of SHA-256", pcrs([0, new Uint8Array(32).fill(1)], [1, one], [2, one])],
  ["quote-malformed", "a register that is too long", pcrs([0, new Uint8Array(49).fill(1)], [1, one], [2, one])],
  ["quote-malformed", "an empty register", pcrs([0, new Uint8Array(0)], [1, one], [2, one])],
];

const said: readonly NitroCase[] = [
  ["document-time", "a document from before its key", { timestamp: (now - 3601) * 1000 }],
  ["document-time", "a document of the time at which time began", { timestamp: 0 }],
  ["document-time", "a document from behind the end of its key", { timestamp: (now + 2 * 3600 + 1) * 1000 }],
  ["document-time", "a document of the future", { timestamp: (now + 301) * 1000 }],
  ["document-time", "a time in seconds", { timestamp: now }],
  ["report-data", "no user data", members({ user_data: nothing })],
  ["report-data", "user data of no bytes", { userData: new Uint8Array(0) }],
  ["report-data", "user data that is a byte short", { userData: new Uint8Array(63) }],
  ["report-data", "user data that is a byte longer", { userData: new Uint8Array(65) }],
  ["report-data", "our bytes in the nonce", members({ user_data: nothing, nonce: bytes(new Uint8Array(64)) })],
];

export const nitroAttacks = (cases: readonly NitroCase[]): readonly Attack[] =>
  cases.map(([code, what, forgery]) => ({ name: `nitro: ${what}`, code, run: () => verifyForgedNitro(forgery) }));

export const nitroDocuments: readonly Attack[] = nitroAttacks([...wrappers, ...payloads, ...registers, ...said]);
