/** A block's extrinsics are those that its header commits to: none is missing, added, altered or in another place. */
import { equalBytes } from "#protocol/bytes.ts";
import { demand } from "./errors.ts";
import type { Header } from "./header.ts";
import { bodyLengthMax, extrinsicsMax } from "./limits.ts";
import { orderedRoot } from "./trie.ts";

/**
 * @param body each extrinsic with its own length before it, as blocks have them.
 * @throws ProofError "too-long", "body-root".
 */
export function verifyBody(header: Header, body: readonly Uint8Array[]): void {
  let length = 0;
  for (const extrinsic of body) length += extrinsic.length;
  demand(body.length <= extrinsicsMax && length <= bodyLengthMax, "too-long");
  // Version 0 until runtimes of system version 2: no list has the same root in both ways as another one.
  const known = ([0, 1] as const).some((version) => equalBytes(orderedRoot(body, version), header.extrinsicsRoot));
  demand(known, "body-root", `block ${header.number}`);
}
