/** A sentence that asks for attention: what happened, and what to do about it. */
import type { ComponentChildren, JSX } from "preact";
import { Cross, Hourglass, Warning } from "./icons.tsx";

interface NoticeProps {
  readonly tone: "info" | "warn" | "bad";
  /** `alert` interrupts a screen reader, `status` waits for a pause. */
  readonly role?: "alert" | "status";
  readonly children: ComponentChildren;
  readonly name?: string;
}

export function Notice({ tone, role = "status", children, name }: NoticeProps): JSX.Element {
  return (
    <div class="notice" role={role} data-tone={tone} data-notice={name}>
      {tone === "bad" ? <Cross /> : tone === "warn" ? <Warning /> : <Hourglass />}
      <div>{children}</div>
    </div>
  );
}
