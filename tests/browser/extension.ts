/** A wallet's extension in a page: what it signs is made by polkadot.js, as its real extension does, outside of the page. */
import { Keyring, type ApiPromise } from "@polkadot/api";
import type { Page } from "playwright-core";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { wrapped } from "#protocol/wallet.ts";

/** @param uri of the key, such as "//Bob". @param agrees whether its owner signs transactions. */
export async function putExtension(page: Page, api: ApiPromise, uri: string, agrees = true): Promise<void> {
  const pair = new Keyring({ type: "sr25519" }).addFromUri(uri);
  await page.exposeFunction("signRaw", (data: string) => {
    const text = new TextDecoder().decode(hexToBytes(data.slice(2)));
    return `0x${bytesToHex(pair.sign(wrapped(text)))}`;
  });
  await page.exposeFunction("signPayload", (payload: { readonly version: number }) => {
    if (!agrees) throw new Error("Cancelled");
    const typed = api.registry.createType("ExtrinsicPayload", payload, { version: payload.version });
    const { signature } = (typed as unknown as { sign(pair: unknown): { signature: string } }).sign(pair);
    return signature;
  });
  await page.addInitScript(
    ([address, name]) => {
      const asks = globalThis as unknown as {
        readonly signRaw: (data: string) => Promise<string>;
        readonly signPayload: (payload: unknown) => Promise<string>;
        injectedWeb3: unknown;
      };
      asks.injectedWeb3 = {
        "polkadot-js": {
          version: "0.62.1",
          enable: async () => ({
            accounts: { get: async () => [{ address, name, type: "sr25519" }] },
            signer: {
              signRaw: async ({ data }: { data: string }) => ({ id: 1, signature: await asks.signRaw(data) }),
              signPayload: async (payload: unknown) => ({ id: 2, signature: await asks.signPayload(payload) }),
            },
          }),
        },
      };
    },
    [pair.address, uri.slice(2)] as const,
  );
}
