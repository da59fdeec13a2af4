/** Before @polkadot/util is loaded: chopsticks brings another copy than the client has, and that is all right. */
process.env["POLKADOTJS_DISABLE_ESM_CJS_WARNING"] = "1";
