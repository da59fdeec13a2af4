/** Making and reading witnesses, whose bytes `protocol/witness.ts` describes. Nobody without a room's key can do either. */
import { createHmac } from "node:crypto";
import { concatBytes, equalBytes, lengthPrefixed } from "#protocol/bytes.ts";
import { decodeWitness, encodeStatement, statementLength, witnessLength, type Witness } from "#protocol/witness.ts";
import { VaultError } from "./errors.ts";
import type { Place } from "./record.ts";

export function makeWitness(place: Place, key: Uint8Array, witness: Witness): Uint8Array {
  const statement = encodeStatement(witness);
  return concatBytes(statement, macOf(place, key, statement));
}

/**
 * Reads what some worker of this lineage once said.
 *
 * @throws VaultError "not-ours": nobody who holds this room's key made it.
 */
export function readWitness(place: Place, key: Uint8Array, bytes: Uint8Array): Witness {
  const statement = bytes.subarray(0, statementLength);
  if (bytes.length !== witnessLength || !equalBytes(macOf(place, key, statement), bytes.subarray(statementLength))) {
    throw new VaultError("not-ours", "no witness of this room");
  }
  return decodeWitness(bytes);
}

const macOf = ({ world, lineage, room }: Place, key: Uint8Array, statement: Uint8Array): Uint8Array =>
  new Uint8Array(
    createHmac("sha256", key)
      .update(lengthPrefixed("phatroom/1/witness", world, lineage, room, statement))
      .digest(),
  );
