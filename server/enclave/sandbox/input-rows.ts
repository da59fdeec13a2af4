/** How input rows get into a contract: before its tick is called they lie in its table, whatever it is written in. */
import { InputTable } from "#protocol/applied-rows.ts";
import type { Manifest } from "#protocol/manifest.ts";
import type { Call } from "#contract/abi.ts";

/** Writes the rows of one call into the tables of one contract, and hands on the call without them. */
export type InputWriter = (call: Call, tables: () => Uint8Array) => Call;

export function inputWriter({ input, tables }: Pick<Manifest, "input" | "tables">): InputWriter {
  const table = input === undefined ? undefined : new InputTable(tables, input);
  return (call, region) => {
    if (call.call !== "tick" || call.rows === undefined) return call;
    table?.put(region(), call.rows);
    return { call: "tick", tick: call.tick };
  };
}
