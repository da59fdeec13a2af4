/** What happened, newest first; read out as it happens. Pure. */
import type { JSX } from "preact";
import type { Told } from "../visit.ts";

export const Story = ({ story }: { readonly story: readonly Told[] }): JSX.Element => (
  <div class="story" role="log" aria-label="What happened" tabIndex={0}>
    {story.length === 0 ? <p class="quiet">Every move will be listed here.</p> : null}
    {story.toReversed().map(({ id, sentence }) => (
      <p key={id}>{sentence}</p>
    ))}
  </div>
);
