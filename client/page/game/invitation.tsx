/** The link to this room, to be sent to somebody while a seat is free. */
import type { JSX } from "preact";
import { CopyButton } from "#kit/parts/copy-button.tsx";
import { Share } from "#kit/parts/icons.tsx";

interface InvitationProps {
  readonly link: string;
  /** Whether only this link opens the room. */
  readonly secret: boolean;
}

export function Invitation({ link, secret }: InvitationProps): JSX.Element {
  const shares = typeof navigator.share === "function";
  return (
    <section class="invitation" aria-labelledby="invitation-title" data-invitation={secret ? "secret" : "open"}>
      <h3 id="invitation-title">{secret ? "Invite somebody: only this link opens the room" : "Invite somebody"}</h3>
      <input
        class="input"
        data-field="invitation"
        readOnly
        value={link}
        aria-label="Invitation link"
        onFocus={(event) => event.currentTarget.select()}
      />
      <div class="buttons">
        <CopyButton text={link} label="Copy link" look="main" />
        {shares ? (
          <button
            class="button"
            type="button"
            onClick={() => void navigator.share({ title: "Play Dot4 with me", url: link }).catch(() => undefined)}
          >
            <Share />
            Share
          </button>
        ) : null}
      </div>
    </section>
  );
}
