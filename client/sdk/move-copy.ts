/** A move as it goes out: checked, and no longer the page's own. */
import { checkValue, type Value } from "#protocol/value.ts";
import { asClientError, ClientError } from "./errors.ts";
import { fits } from "./session.ts";

/**
 * A copy, because the page may go on writing into its own while this one waits to be sent again.
 *
 * @throws ClientError "malformed", "too-long".
 */
export function checkedCopy(move: Value): Value {
  try {
    checkValue(move);
  } catch (error) {
    throw asClientError(error);
  }
  if (!fits({ type: "move", n: Number.MAX_SAFE_INTEGER, move })) throw new ClientError("too-long");
  return structuredClone(move);
}
