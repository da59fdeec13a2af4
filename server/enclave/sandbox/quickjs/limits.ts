/** Sizes and budgets of the QuickJS engine. All are part of what a contract can observe: see `interfaceVersion`. */
import { manifestLimits } from "#protocol/manifest.ts";
import { callInputMax, callOutputMax } from "#protocol/limits.ts";
import { wasmPageLength } from "../pages.ts";

/** `qjs_init2`: everything; only for compiling. */
export const allIntrinsics = 0xffff_ffff;

/**
 * `qjs_init2`: Date, RegExp, JSON, Proxy and Reflect, Map and Set, typed arrays, Promise, BigInt. Without eval,
 * WeakRef, performance, DOMException, atob.
 */
export const contractIntrinsics = 0b1_1111_1101;

/**
 * Units of the machine's stack that the calls of one entry may take together. Measured on this binary: whatever recurses,
 * V8's stack lasts for 426,000 of them or more, with every one of its compilers.
 */
export const depthMax = 250_000;

/** What the hardener counts for a compiler's own use of a frame: with it, those measurements lie closest together. */
export const keptMax = 32;

/**
 * Of the 1 MiB stack the binary has. Recursion in a script meets this before the depth that the hardener counts, and
 * can be caught like any error; only recursion inside built-in functions meets the other.
 */
export const stackLimit = 256 * 1024;

/**
 * Of the stack's top, wiped after each call, so that what ordinary calls leave there is in no snapshot. What a deeper
 * call leaves below stays, as everything stays that a contract might find again.
 */
export const stackWiped = 16 * 1024;

/** Most that the hardener's check of one function or loop charges: an interpreter's one loop holds every instruction. */
export const chargeMax = 16;

/** For starting the engine, compiling a bundle and evaluating it, each: as much as can be counted. zod takes a tenth of it. */
export const loadFuel = 2 ** 31 - 1;

/** For turning an error into text, which may run a contract's getters. */
export const describeFuel = 2_000_000;

export const loadPages = manifestLimits.memoryPages;

export const memoryLimitForLoading = loadPages * wasmPageLength;

/** [msgpack], written by the host before a call. */
export const inputWindow = callInputMax;

/** [msgpack], whose length the call returns. */
export const outputWindow = callOutputMax;
