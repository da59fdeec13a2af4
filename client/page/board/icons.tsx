/** Drawings of the board, and the sign of the page; made of paths in code. */
import type { JSX } from "preact";
import type { Seat } from "#dot4/board.ts";

/** Points away from the edge it lies on; the style sheet turns it. */
export const Chevron = (): JSX.Element => (
  <svg class="chevron" viewBox="0 0 12 12" aria-hidden="true">
    <path d="M1.5 3.2h9L6 9.4z" fill="currentColor" />
  </svg>
);

/** A bomb on the board. Its owner shows by the shape of the plate under it, as with stones. */
export const Bomb = ({ owner }: { readonly owner: Seat }): JSX.Element => (
  <svg class="bomb" viewBox="0 0 24 24" data-seat={owner} aria-hidden="true">
    {owner === 0 ? (
      <circle class="bomb-plate" cx="12" cy="12" r="10.8" />
    ) : (
      <path class="bomb-plate" d="M12 .8 23.2 12 12 23.2.8 12z" />
    )}
    <circle cx="11" cy="13.8" r="5.6" fill="currentColor" />
    <path
      d="m14.7 10 1.8-1.9c.7-.8 1.9-.8 2.5.1"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
    />
    <path class="bomb-spark" d="M20 4.8v2.7M18.65 6.15h2.7" stroke-width="1.5" stroke-linecap="round" />
  </svg>
);

/** Where the own bomb would go off. */
export const Burst = (): JSX.Element => (
  <svg class="burst" viewBox="0 0 24 24" aria-hidden="true">
    <path d="m12 1.5 2.4 6 5.9-2.8-2.6 6 5.3 3.3-6.3 1 .9 6.5-5.6-3.6-5.2 4 .5-6.5-6.3-.6 5.2-3.8-3-5.8 6 2.4z" />
  </svg>
);

export const Scorch = (): JSX.Element => (
  <svg class="scorch" viewBox="0 0 24 24" aria-hidden="true">
    <path d="M12 4v3M12 17v3M4 12h3M17 12h3M6.3 6.3l2 2M15.7 15.7l2 2M6.3 17.7l2-2M15.7 8.3l2-2" />
    <circle cx="12" cy="12" r="2.6" />
  </svg>
);

/** The sign of the page: the two shapes of the game. */
export const Mark = (): JSX.Element => (
  <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" fill="#1a1436">
    <circle cx="6.8" cy="6.8" r="4.8" />
    <circle cx="17.2" cy="17.2" r="4.8" />
    <path d="m17.2 1.6 5.2 5.2-5.2 5.2L12 6.8zM6.8 12l5.2 5.2-5.2 5.2-5.2-5.2z" />
  </svg>
);
