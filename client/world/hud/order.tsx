/** Order in this world, for whoever holds the moderator's key: what was reported, and what to do about it. Pure. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Sheet } from "./sheet.tsx";

export type OrderName = "kick" | "ban" | "pardon";

/** One report, opened. */
export interface Filed {
  readonly number: number;
  /** Player ids; null if it says none. */
  readonly about: string | null;
  readonly by: string | null;
  /** What was said, oldest first. */
  readonly messages: readonly string[];
  /** In words, what is no report of a hub, or why it is not to be believed. */
  readonly other: string | null;
}

export interface Desk {
  /** Player ids, newest first. */
  readonly banned: readonly string[];
  /** Newest first. */
  readonly reports: readonly Filed[];
  /** Why the newest order, or the newest look at the reports, came to nothing. */
  readonly trouble: string | null;
  /** What somebody who is here is called. */
  readonly nameOf: (player: string) => string | undefined;
  readonly onOrder: (order: OrderName, player: string) => void;
  readonly onRead: () => void;
}

interface OrderProps {
  /** Null before the key was shown. */
  readonly desk: Desk | null;
  /** Shows the file with the key. Resolves to why it opens nothing, or to nothing. */
  readonly onKey: (file: string) => Promise<string | undefined>;
  readonly onClose: () => void;
}

export const OrderPanel = ({ desk, onKey, onClose }: OrderProps): JSX.Element => (
  <Sheet title="Order in this world" onClose={onClose}>
    {desk === null ? <Key onKey={onKey} /> : <Opened desk={desk} />}
  </Sheet>
);

function Key({ onKey }: Pick<OrderProps, "onKey">): JSX.Element {
  const refusal = useSignal<string | null>(null);
  const show = async (files: FileList | null): Promise<void> => {
    const [file] = files ?? [];
    if (file !== undefined) refusal.value = (await onKey(await file.text())) ?? null;
  };
  return (
    <>
      <p>
        What players report is sealed to this world’s moderator. Whoever has the key reads it here, and sends people
        out.
      </p>
      <label class="field">
        <span>File with the moderator’s key</span>
        <input
          class="input"
          type="file"
          data-field="moderator-key"
          onChange={(event) => void show(event.currentTarget.files)}
        />
      </label>
      <p class="refusal" role="alert">
        {refusal.value}
      </p>
      <p class="small">
        The key stays in this page until you close it. A page can lie about that: where you do not trust who serves it,
        the command <code>phatroom reports</code> does the same.
      </p>
    </>
  );
}

const Opened = ({ desk }: { readonly desk: Desk }): JSX.Element => {
  const { banned, reports, trouble, onRead } = desk;
  return (
    <>
      <p class="refusal" role="alert">
        {trouble}
      </p>
      <section class="shelf" data-part="reports">
        <h3>{reports.length === 0 ? "Nothing was reported" : "Reports, newest first"}</h3>
        <button class="button small" type="button" data-action="read-reports" onClick={onRead}>
          Look again
        </button>
        <ol class="reports">
          {reports.map((report) => (
            <Report key={report.number} report={report} desk={desk} />
          ))}
        </ol>
      </section>
      <section class="shelf" data-part="banned">
        <h3>{banned.length === 0 ? "Nobody is banned" : "Banned"}</h3>
        <ul class="people">
          {banned.map((player) => (
            <li key={player} data-banned={player}>
              <span>
                <b>{calledOf(player, desk)}</b>
              </span>
              <Give order="pardon" player={player} desk={desk} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
};

function Report({ report, desk }: { readonly report: Filed; readonly desk: Desk }): JSX.Element {
  const { number, about, by, messages, other } = report;
  return (
    <li data-report={number} data-about={about ?? undefined}>
      <p>
        <b>{about === null ? `Report ${number}` : calledOf(about, desk)}</b>
        {by === null ? null : `, reported by ${calledOf(by, desk)}`}
      </p>
      {other === null ? null : <p>{other}</p>}
      {messages.map((text, i) => (
        <blockquote key={i}>{text}</blockquote>
      ))}
      {about === null ? null : (
        <span class="deeds">
          <Give order="kick" player={about} desk={desk} />
          {desk.banned.includes(about) ? null : <Give order="ban" player={about} desk={desk} />}
        </span>
      )}
    </li>
  );
}

const words: Record<OrderName, string> = { kick: "Send out", ban: "Ban", pardon: "Let in again" };

interface GiveProps {
  readonly order: OrderName;
  readonly player: string;
  readonly desk: Desk;
}

/** One of the moderator's orders. */
export const Give = ({ order, player, desk }: GiveProps): JSX.Element => (
  <button
    class="button small"
    type="button"
    data-action={order}
    aria-label={`${words[order]}: ${calledOf(player, desk)}`}
    onClick={() => desk.onOrder(order, player)}
  >
    {words[order]}
  </button>
);

/** By name where they are known, else by the beginning of their id. */
export const calledOf = (player: string, { nameOf }: Pick<Desk, "nameOf">): string =>
  nameOf(player) ?? `Player ${player.slice(0, 8)}`;
