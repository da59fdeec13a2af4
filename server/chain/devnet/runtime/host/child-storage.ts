/**
 * Host functions: child storage. Nothing on the chains that run here needs it but crowdloans and contracts, so it is
 * always empty, and what would write to it is refused: the transaction fails, and the block is built without it.
 */
import { DevnetError } from "../../errors.ts";
import { Trie } from "../../trie/trie.ts";
import type { Host, HostFunctions } from "./host.ts";

const refuse = (): never => {
  throw new DevnetError("runtime-unsupported", "child storage");
};

const noneRemoved = new Uint8Array(5);

export const childStorageFunctions = (host: Host): HostFunctions => ({
  ext_default_child_storage_get_version_1: () => host.giveOption(undefined),
  ext_default_child_storage_read_version_1: () => host.giveOption(undefined),
  ext_default_child_storage_exists_version_1: () => 0,
  ext_default_child_storage_next_key_version_1: () => host.giveOption(undefined),
  ext_default_child_storage_root_version_1: () => host.giveSpan(Trie.empty.root),
  ext_default_child_storage_root_version_2: () => host.giveSpan(Trie.empty.root),
  ext_default_child_storage_clear_version_1: () => undefined,
  ext_default_child_storage_clear_prefix_version_1: () => undefined,
  ext_default_child_storage_clear_prefix_version_2: () => host.giveSpan(noneRemoved),
  ext_default_child_storage_storage_kill_version_1: () => undefined,
  ext_default_child_storage_storage_kill_version_2: () => 1,
  ext_default_child_storage_storage_kill_version_3: () => host.giveSpan(noneRemoved),
  ext_default_child_storage_set_version_1: refuse,
});
