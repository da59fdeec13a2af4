/** A client's environment that keeps a copy of everything it decrypts: what a player can see, however hard they look. */
import { type Environment, realEnvironment } from "../../client/sdk/environment.ts";

export interface Listening {
  readonly environment: Environment;
  readonly heard: Uint8Array;
}

export function listening(): Listening {
  const environment = realEnvironment();
  const heard: Uint8Array[] = [];
  return {
    environment: {
      ...environment,
      suite: {
        ...environment.suite,
        decrypt(key, nonce, ad, ciphertext) {
          const plaintext = environment.suite.decrypt(key, nonce, ad, ciphertext);
          heard.push(plaintext.slice());
          return plaintext;
        },
      },
    },
    get heard() {
      return Buffer.concat(heard);
    },
  };
}
