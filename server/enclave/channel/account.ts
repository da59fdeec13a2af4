/** Checks that a channel's other end holds the account it names. */
import { createPublicKey, verify } from "node:crypto";
import { equalBytes } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { authStatement, type RoomId } from "#protocol/identity.ts";
import type { AuthMessage } from "#protocol/message.ts";

/** SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410 section 4). */
const publicKeyPrefix = Buffer.from("302a300506032b6570032100", "hex");

/**
 * A guest's account is its device key. The signature covers the handshake hash, so it is of use on this channel only.
 *
 * @throws ProtocolError "account-refused".
 */
export function checkAccount(auth: AuthMessage, handshakeHash: Uint8Array, world: Uint8Array, room: RoomId): void {
  if (!equalBytes(auth.account, auth.device)) throw new ProtocolError("account-refused", "no delegation");
  const statement = authStatement(handshakeHash, world, room, auth.account);
  if (!signed(auth.device, statement, auth.signature)) throw new ProtocolError("account-refused", "signature");
}

function signed(publicKey: Uint8Array, statement: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.concat([publicKeyPrefix, publicKey]), format: "der", type: "spki" });
    return verify(null, statement, key, signature);
  } catch {
    // 32 bytes that are no point on the curve.
    return false;
  }
}
