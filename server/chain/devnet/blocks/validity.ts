/** What a runtime thinks of a transaction. */
import { toHex } from "../hex.ts";
import { ScaleReader } from "../scale.ts";

/** Names as Substrate has them, in the order of their numbers. */
const invalidReasons = [
  "Call",
  "Payment",
  "Future",
  "Stale",
  "BadProof",
  "AncientBirthBlock",
  "ExhaustsResources",
  "Custom",
  "BadMandatory",
  "MandatoryValidation",
  "BadSigner",
  "IndeterminateImplicit",
  "UnknownOrigin",
] as const;
const unknownReasons = ["CannotLookup", "NoUnsignedValidator", "Custom"] as const;

export interface Invalid {
  /** "unknown" is what the runtime cannot judge. */
  readonly kind: "invalid" | "unknown";
  readonly reason: string;
}

export interface Valid {
  readonly kind: "valid";
  readonly priority: bigint;
  /** What must be provided before: an earlier nonce of the same account, as a rule. Hexadecimal. */
  readonly requires: readonly string[];
  readonly provides: readonly string[];
  /** Blocks for which this holds. */
  readonly longevity: bigint;
}

/** SCALE: `TransactionValidity`. @throws ScaleError. */
export function decodeValidity(bytes: Uint8Array): Valid | Invalid {
  const reader = new ScaleReader(bytes);
  if (reader.u8() !== 0) return readInvalid(reader);
  const priority = reader.integer(8);
  const requires = reader.vector(() => toHex(reader.prefixed()));
  const provides = reader.vector(() => toHex(reader.prefixed()));
  return { kind: "valid", priority, requires, provides, longevity: reader.integer(8) };
}

/**
 * SCALE: `ApplyExtrinsicResult`. An extrinsic whose call fails is in the block like any other: its sender has paid.
 *
 * @returns undefined if it is in the block. @throws ScaleError.
 */
export function decodeApplied(bytes: Uint8Array): Invalid | undefined {
  const reader = new ScaleReader(bytes);
  return reader.u8() === 0 ? undefined : readInvalid(reader);
}

function readInvalid(reader: ScaleReader): Invalid {
  const kind = reader.u8() === 0 ? "invalid" : "unknown";
  const number = reader.u8();
  const name = (kind === "invalid" ? invalidReasons : unknownReasons)[number] ?? `number ${number}`;
  return { kind, reason: name === "Custom" ? `Custom: ${reader.u8()}` : name };
}
