/** Whose key signs: that of a file, or of a development account whose key everybody knows. */
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { getPublicKey, HDKD, secretFromSeed, sign } from "@scure/sr25519";
import { hexToBytes } from "#protocol/bytes.ts";
import { accountOf, type AccountId } from "#rmrk/account.ts";
import { ItemsError } from "./items-error.ts";

export interface ItemKey {
  readonly account: AccountId;
  /** 64 bytes, by sr25519. */
  sign(message: Uint8Array): Uint8Array;
}

/** Of Substrate's development phrase. */
const developmentSeed = hexToBytes("fac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e");
const chainCodeLength = 32;

/** @param name as "Alice": derived as `//Alice`. @throws ItemsError for what is no name. */
export function developmentKey(name: string): ItemKey {
  const letters = new TextEncoder().encode(name);
  if (!/^[A-Za-z0-9]{1,31}$/.test(name)) throw new ItemsError(`There is no development account ${name}.`);
  const code = new Uint8Array(chainCodeLength);
  // A short text as SCALE writes it: its length, then its bytes.
  code.set([letters.length << 2, ...letters]);
  return keyOf(HDKD.secretHard(secretFromSeed(developmentSeed), code));
}

/** @param file with 64 hex digits, the seed. @throws ItemsError. */
export async function keyInFile(file: string): Promise<ItemKey> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new ItemsError(`${file} cannot be read.`);
  });
  return keyIn(text, file);
}

/** Of a development account, out of a file, or typed. @throws ItemsError. */
export async function keyGiven(
  { as, key }: { readonly as?: string | undefined; readonly key?: string | undefined },
  question: string,
): Promise<ItemKey> {
  if (as !== undefined) return developmentKey(as);
  return key === undefined ? keyIn(await askSecret(question), "What was typed") : keyInFile(key);
}

function keyIn(text: string, where: string): ItemKey {
  const [, hex] = /^\s*(?:0x)?([0-9a-f]{64})\s*$/i.exec(text) ?? [];
  if (hex === undefined) throw new ItemsError(`${where} must hold 64 hex digits, the seed of an sr25519 key.`);
  return keyOf(secretFromSeed(hexToBytes(hex.toLowerCase())));
}

/** One line of what is typed or piped in; nothing of it is shown. */
async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: process.stdin.isTTY === true });
  try {
    for await (const line of reader) return line;
    return "";
  } finally {
    reader.close();
    process.stderr.write("\n");
  }
}

const keyOf = (secret: Uint8Array): ItemKey => ({
  account: accountOf(getPublicKey(secret)),
  sign: (message) => sign(secret, message),
});
