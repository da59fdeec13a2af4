/**
 * Every bound on a module, with its reason. All are below what engines allow (JavaScript API specification, 8.2), so
 * that no engine refuses what another one accepts.
 */

/** As much as a bundle may have. */
export const moduleLengthMax = 4 * 1024 * 1024;

/** Of each kind: types, functions, globals, tables' entries and so on. Ten times what QuickJS has. */
export const typesMax = 2000;
export const functionsMax = 20_000;
export const importsMax = 100;
export const globalsMax = 2000;
export const exportsMax = 5000;
export const tablesMax = 16;
export const segmentsMax = 10_000;

/** Of one table, and of one element segment. An entry takes up to 16 bytes of the worker's memory, in every room. */
export const tableEntriesMax = 50_000;

/** Compilers of engines take more than linear time for one function. The interpreter loop of QuickJS has 38 KB. */
export const functionLengthMax = 128 * 1024;

/** Locals of one function in units of 8 bytes, and values it takes and returns. */
export const localsMax = 2000;
export const parametersMax = 100;
export const resultsMax = 16;

/** The whole frame of one function in units of 8 bytes: it is on the machine's stack before a check of depth runs. */
export const frameMax = 16_000;

/**
 * Locals and operands of one function, times its blocks and branches: at each, both of V8's compilers go through all
 * values that are alive, before any fuel is spent. Measured: 28 million took one of them a second, 4 million loops took
 * the other 500 MB. QuickJS has 180,000 in one function and 1.1 million in all.
 */
export const joinsMax = 1_000_000;
export const joinsOfModuleMax = 5_000_000;

/** What a block or branch takes of that without any value. */
export const joinBase = 8;

/** Blocks inside blocks. A `switch` of C nests one for each case. */
export const nestingMax = 2000;

export const labelTableMax = 10_000;

/** Pages a 32-bit memory can have (4.2.8). */
export const pagesAddressable = 65_536;
