/** What is read back of a room, held against what this version writes: each returns it, or throws VaultError "damaged". */
import { VaultError } from "../vault/errors.ts";

export const damaged = (detail: string): VaultError => new VaultError("damaged", detail);

export function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw damaged("a list was expected");
}

/** A whole number from 0 on. */
export function count(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw damaged("a count was expected");
}

export function finite(value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw damaged("a number was expected");
}

export function flag(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw damaged("true or false was expected");
}

export function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw damaged("a text was expected");
}

export function octets(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw damaged("bytes were expected");
}
