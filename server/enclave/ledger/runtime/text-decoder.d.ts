/** What browsers and Node both have: this folder runs in either. */
declare global {
  class TextDecoder {
    constructor(label: "utf-8", options: { readonly fatal: true });
    decode(bytes: Uint8Array): string;
  }
}
export {};
