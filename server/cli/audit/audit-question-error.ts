/** A mistake in what `phatroom export` or `phatroom replay` was asked; `message` is a sentence for whoever asked. */
export class AuditQuestionError extends Error {
  override readonly name = "AuditQuestionError";
}
