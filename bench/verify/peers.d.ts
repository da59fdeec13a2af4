/** What is used of the peers. They are installed when a bench runs, and types are checked without them. */
declare module "@phala/dcap-qvl" {
  export const QuoteVerifier: {
    newWithRootCa(der: Uint8Array): {
      verify(quote: Uint8Array, collateral: object, now: number): { readonly status: string };
    };
  };
}

declare module "@phala/dcap-qvl-web" {
  export function initSync(module: { readonly module: Uint8Array }): void;
  export function js_verify(quote: Uint8Array, collateral: object, now: bigint): { readonly status: string };
}

/** The package of this name, not Node's module: browsers need it. */
declare module "buffer/" {
  export const Buffer: unknown;
}
