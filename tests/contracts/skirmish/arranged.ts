/** Skirmish with a hand in it: after every tick rows are what a test makes of them. */
import type { Call } from "#contract/abi.ts";
import { RoomTables } from "#contract/room-tables.ts";
import type { Instance, LoadedContract } from "#enclave/sandbox/sandbox.ts";
import * as components from "../../../contracts/skirmish/components.ts";

export function arranged(contract: LoadedContract, arrange: () => void): LoadedContract {
  const wrapped = (instance: Instance): Instance => ({
    call(call: Call) {
      const answer = instance.call(call);
      if (call.call !== "tick") return answer;
      const rows = new RoomTables(components, instance.tables());
      rows.show();
      arrange();
      rows.hide();
      return answer;
    },
    tables: () => instance.tables(),
    get usage() {
      return instance.usage;
    },
    fingerprint: () => instance.fingerprint(),
    snapshot: () => instance.snapshot(),
    close: () => instance.close(),
  });
  const { manifest, engine, hash } = contract;
  return {
    manifest,
    engine,
    hash,
    instantiate: () => wrapped(contract.instantiate()),
    restore: (snapshot) => wrapped(contract.restore(snapshot)),
  };
}
