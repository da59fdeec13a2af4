/**
 * Which number the chain gave to a collection. The number is the chain's to choose, so that nobody can know it before; the
 * collection's cold owner says it once it is final, in a remark; the first word about a collection, and about a number, stands
 * for ever.
 */
import { utf8ToBytes } from "#protocol/bytes.ts";
import type { AccountId } from "#rmrk/account.ts";
import { isCollectionId, type CollectionId } from "#rmrk/ids.ts";
import type { Word } from "../follow/block.ts";

const head = "PHATROOM::COLLECTION::1::";
const pattern = new RegExp(`^${head}(0|[1-9][0-9]{0,9})::(.+)$`);
const numberMax = 0xffff_ffff;
/** Of such a remark, far above any. */
const lengthMax = 256;

/** @param id made of the account that issues in it and a symbol. */
export const namingRemark = (number: number, id: CollectionId): Uint8Array => utf8ToBytes(`${head}${number}::${id}`);

export class NamedCollections {
  readonly #owner: AccountId;
  readonly #numbers = new Map<CollectionId, number>();
  readonly #ids = new Map<number, CollectionId>();

  /** @param owner whose word it is. */
  constructor(owner: AccountId) {
    this.#owner = owner;
  }

  /** Words of final blocks, in their order; the same ones again change nothing. */
  read(words: readonly Word[]): void {
    for (const { caller, bytes } of words) {
      if (caller !== this.#owner || bytes.length > lengthMax) continue;
      const [, digits, id] = pattern.exec(String.fromCharCode(...bytes)) ?? [];
      const number = Number(digits);
      if (id === undefined || !isCollectionId(id) || number > numberMax) continue;
      if (this.#numbers.has(id) || this.#ids.has(number)) continue;
      this.#numbers.set(id, number);
      this.#ids.set(number, id);
    }
  }

  /** Undefined: nothing was said of it. */
  numberOf(id: CollectionId): number | undefined {
    return this.#numbers.get(id);
  }

  /** All of them, by their numbers. */
  get all(): ReadonlyMap<number, CollectionId> {
    return this.#ids;
  }
}
