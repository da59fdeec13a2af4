/** The rooms that are open, asked for again every few seconds while somebody looks at the page. */
import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ClientError } from "#client/errors.ts";
import type { Listing } from "#protocol/control.ts";

const againMs = 3000;

export interface Listings {
  /** Null: not asked yet. */
  readonly rooms: ReadonlySignal<readonly Listing[] | null>;
  /** Why they could not be asked for, as a sentence. */
  readonly trouble: ReadonlySignal<string | null>;
}

/** @param unreadable what is said if it is this page's own fault. */
export function useListings(load: (signal: AbortSignal) => Promise<readonly Listing[]>, unreadable: string): Listings {
  const rooms = useSignal<readonly Listing[] | null>(null);
  const trouble = useSignal<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const look = async (): Promise<void> => {
      if (document.hidden) return;
      try {
        rooms.value = await load(stop.signal);
        trouble.value = null;
      } catch (error) {
        if (stop.signal.aborted) return;
        trouble.value = error instanceof ClientError ? error.sentence : unreadable;
      }
    };
    void look();
    const timer = setInterval(() => void look(), againMs);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [load]);
  return { rooms, trouble };
}
