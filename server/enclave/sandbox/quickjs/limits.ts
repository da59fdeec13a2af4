/** Sizes and times of the QuickJS engine. All are part of what a contract can observe: see `engineVersion`. */
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

/** Of the 1 MiB stack the binary has. Recursion in a script meets this before V8's own stack ends. */
export const stackLimit = 256 * 1024;

export const memoryLimitForLoading = manifestLimits.memoryPages * wasmPageLength;

/** Processor time for evaluating a bundle: zod alone takes two thirds of a second. */
export const loadMs = 10_000;

/** [msgpack], written by the host before a call. */
export const inputWindow = callInputMax;

/** [msgpack], whose length the call returns. */
export const outputWindow = callOutputMax;

/** Processor time of one call. */
export const callMs = 50;

/**
 * Of the stack's top, wiped after each call, so that what ordinary calls leave there is in no snapshot. What a deeper
 * call leaves below stays, as everything stays that a contract might find again.
 */
export const stackWiped = 16 * 1024;
