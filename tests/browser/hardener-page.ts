/** What the hardener's tests do inside a page: each function returns what the test then looks at. */
import { harden } from "#enclave/sandbox/hardener/harden.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { endsOfRecursions } from "../enclave/sandbox/hardener/ends.ts";
import { options } from "../enclave/sandbox/hardener/room.ts";
import golden from "../vectors/hardener.json" with { type: "json" };

/** Names of the golden modules that become other bytes here. */
export function otherBytes(): string[] {
  return golden.modules
    .filter(({ module, hardened }) => bytesToHex(harden(hexToBytes(module), options).bytes) !== hardened)
    .map(({ name }) => name);
}

/** The length of QuickJS hardened, and the sum of its bytes in their order. */
export function hardenQuickJs(base64: string, imports: readonly string[]): { length: number; sum: number } {
  const module = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const { bytes } = harden(module, { imports: new Set(imports), pagesMax: 1024, chargeMax: 16, keptMax: 32 });
  return { length: bytes.length, sum: sumOf(bytes) };
}

/** Of bytes in their order (FNV-1a, 32 bits): a page without TLS has no SHA-256. */
export function sumOf(bytes: Uint8Array): number {
  let sum = 0x811c_9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x0100_0193);
  return sum >>> 0;
}

export function recursions(): Record<string, string> {
  return endsOfRecursions(1);
}
