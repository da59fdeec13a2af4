/** What passes through, counted. Plain numbers on the way; metrics read them when somebody asks. */
import type { ErrorCode } from "#protocol/errors.ts";

export class Traffic {
  envelopesIn = 0;
  envelopesOut = 0;
  bytesIn = 0;
  bytesOut = 0;
  joins = 0;
  /** Connections that ended with a code of ours. */
  readonly closes = new Map<ErrorCode, number>();
  /** Requests that were refused. */
  readonly refusals = new Map<ErrorCode, number>();

  countClose(code: ErrorCode): void {
    this.closes.set(code, (this.closes.get(code) ?? 0) + 1);
  }

  countRefusal(code: ErrorCode): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }
}
