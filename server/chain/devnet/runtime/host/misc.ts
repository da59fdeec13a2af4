/** Host functions: memory, logging, a look at other code, and what only full nodes have. */
import { logLineLengthMax } from "../../limits.ts";
import type { Host, HostFunctions, Span } from "./host.ts";

/** Runtimes are asked for warnings and errors. Here 0 is "off", so that each is one more than in a line. */
const levelMax = 2;
const info = 2;

export const miscFunctions = (host: Host): HostFunctions => ({
  ext_allocator_malloc_version_1: (size: number) => host.allocator.allocate(size >>> 0),
  ext_allocator_free_version_1: (pointer: number) => host.allocator.free(pointer >>> 0),

  ext_logging_max_level_version_1: () => levelMax,
  ext_logging_log_version_1: (level: number, target: Span, message: Span) =>
    host.surroundings.log({ level, target: text(host, target), text: text(host, message) }),
  ext_misc_print_utf8_version_1: (data: Span) =>
    host.surroundings.log({ level: info, target: "print", text: text(host, data) }),
  ext_misc_print_hex_version_1: () => undefined,
  ext_misc_print_num_version_1: () => undefined,
  ext_panic_handler_abort_on_panic_version_1: (message: Span) => {
    throw new Error(text(host, message));
  },

  ext_misc_runtime_version_version_1: (code: Span) => host.giveOption(host.surroundings.versionOf(host.copy(code))),

  // What offchain workers and archives would find later: nothing here looks for it.
  ext_offchain_index_set_version_1: () => undefined,
  ext_offchain_index_clear_version_1: () => undefined,
  ext_transaction_index_index_version_1: () => undefined,
  ext_transaction_index_renew_version_1: () => undefined,
  ext_offchain_is_validator_version_1: () => 0,
});

const text = (host: Host, span: Span): string =>
  Buffer.from(host.view(span).subarray(0, logLineLengthMax)).toString("utf8");
