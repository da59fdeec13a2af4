/** The other end of the sandbox's boundary: what `phatroom build` puts around an author's module. */
import { guestHost } from "./host.ts";
import type { Answer, Call } from "../abi.ts";
import type { AnyContract } from "../contract.ts";
import type { Built } from "../describe.ts";
import { RoomTables } from "../room-tables.ts";
import { ContractRuntime } from "../runtime.ts";
import { decodeFrom } from "./decode.ts";
import { encodeInto } from "./encode.ts";

/**
 * Answers the host's calls with the contract among these exports.
 *
 * @param built what the build adds to what the contract declares.
 * @throws TypeError if there is none, or more than one and none is the default export.
 */
export function serve(exports: { readonly [name: string]: unknown }, built: Built = {}): void {
  if (guestHost === undefined) throw new TypeError("this bundle runs in the sandbox only");
  const host = guestHost;
  const { input, output } = host;
  const contract = contractAmong(exports);
  const runtime = new ContractRuntime(contract, built);
  host.drawFrom(() => runtime.draw());
  let tables: RoomTables | undefined;
  host.answer = () => {
    if (tables === undefined && host.tables !== undefined) {
      tables = new RoomTables(contract.components ?? {}, host.tables);
      // For good: there is one room in a sandbox.
      tables.show();
    }
    return encodeInto(output, runtime.answer(decodeFrom(input) as Call) satisfies Answer);
  };
}

function contractAmong(exports: { readonly [name: string]: unknown }): AnyContract {
  if (exports["default"] !== undefined) return exports["default"] as AnyContract;
  const found = Object.keys(exports).filter((name) => looksLikeContract(exports[name]));
  if (found.length === 1) return exports[found[0]!] as AnyContract;
  if (found.length === 0) throw new TypeError("no export is a contract: an object with open, apply, view and moves");
  throw new TypeError(`more than one export is a contract (${found.join(", ")}): make one of them the default`);
}

function looksLikeContract(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { open, apply, view, moves } = value as Partial<AnyContract>;
  return [open, apply, view].every((rule) => typeof rule === "function") && moves !== undefined;
}
