/** What stands around the lobby and the rooms of a game: its name, the way back to the hub, and the shield. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import type { RoomId } from "#protocol/identity.ts";
import { Chip } from "../shield/chip.tsx";
import { Panel, type PageFacts } from "../shield/panel.tsx";
import { summaryOf, type Proof } from "../shield/report.ts";
import { pageBeside } from "../wish.ts";

interface FrameProps {
  /** The game's sign and name. */
  readonly brand: JSX.Element;
  /** This page's address, without the fragment. */
  readonly page: string;
  /** Through whose gate this window came here. */
  readonly hub: RoomId | undefined;
  readonly proof: Proof;
  readonly facts: PageFacts;
  /** @param openShield shows what is proven. */
  readonly children: (openShield: () => void) => ComponentChildren;
}

export function Frame({ brand, page, hub, proof, facts, children }: FrameProps): JSX.Element {
  const shieldOpen = useSignal(false);
  const openShield = (): void => {
    shieldOpen.value = true;
  };
  return (
    <>
      <header class="header">
        {brand}
        {hub === undefined ? null : (
          <a class="button small" href={pageBeside(page, "../world/", hub)} data-action="world">
            Back to Phala World
          </a>
        )}
        <Chip summary={summaryOf(proof)} onOpen={openShield} />
      </header>
      {children(openShield)}
      {shieldOpen.value ? (
        <Panel
          proof={proof}
          facts={facts}
          onClose={() => {
            shieldOpen.value = false;
          }}
        />
      ) : null}
    </>
  );
}
