/** A question about items that has no answer, with a sentence for whoever asked it. */
export class ItemsError extends Error {
  override readonly name = "ItemsError";
}
