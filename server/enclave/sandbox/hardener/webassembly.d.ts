/** All that the hardener asks of the engine. TypeScript has it among the DOM's types, which are not ours. */
declare namespace WebAssembly {
  function validate(bytes: Uint8Array): boolean;
}
