/**
 * Takes the cipher out of this process's channels, to see what it costs. Nothing in the project can be told to do this: it
 * is done to the class, from outside, by a bench, in a process of the bench's own.
 */
import { CipherState } from "../../server/protocol/noise-state.ts";
import { tagLength } from "../../server/protocol/limits.ts";

export function withoutEncryption(): void {
  CipherState.prototype.encryptWithAd = function (_ad, plaintext, out) {
    if (!this.hasKey) return plaintext;
    const text = out ?? new Uint8Array(plaintext.length + tagLength);
    text.set(plaintext);
    return text;
  };
  CipherState.prototype.decryptWithAd = function (_ad, ciphertext) {
    return this.hasKey ? ciphertext.slice(0, -tagLength) : ciphertext;
  };
  // Nothing is counted any more, and a key would be due at every frame.
  CipherState.prototype.rekey = () => undefined;
}
