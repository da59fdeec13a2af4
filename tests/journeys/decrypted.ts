/**
 * Everything that a page decrypts, for a test that searches it. Whatever a message is read from is first cut out of what
 * was decrypted; so it is enough to copy all that is cut out of bytes.
 */
import type { Page } from "playwright-core";

declare global {
  var decrypted: Uint8Array[];
}

/** Before the page's own scripts. */
export const recordDecrypted = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    globalThis.decrypted = [];
    // oxlint-disable-next-line typescript/unbound-method -- bound at each call
    const cut = Uint8Array.prototype.subarray;
    Uint8Array.prototype.subarray = function (...args: [number?, number?]) {
      const part = cut.apply(this, args);
      // Frames are at most 16 KiB; models, which are longer, are none of ours.
      if (part.length >= 8 && part.length <= 16_384) globalThis.decrypted.push(part.slice());
      return part;
    };
  });

/** How many of the pieces hold these bytes, one after the other. */
export const piecesWith = (page: Page, wanted: Uint8Array): Promise<number> =>
  page.evaluate(
    (bytes) =>
      globalThis.decrypted.filter((piece) => {
        for (let i = piece.indexOf(bytes[0]!); i !== -1; i = piece.indexOf(bytes[0]!, i + 1)) {
          if (bytes.every((byte, k) => piece[i + k] === byte)) return true;
        }
        return false;
      }).length,
    [...wanted],
  );
