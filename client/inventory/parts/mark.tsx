/** The sign of the page: a thing in a box that it came out of. */
import type { JSX } from "preact";

export const Mark = (): JSX.Element => (
  <svg class="mark" viewBox="0 0 24 24" fill="none" stroke="#171132" stroke-width="2" aria-hidden="true">
    <path d="m12 2.5 8.2 4.7v9.6L12 21.5l-8.2-4.7V7.2z" stroke-linejoin="round" />
    <path d="m12 8 1.2 2.6 2.8.3-2.1 1.9.6 2.8-2.5-1.4-2.5 1.4.6-2.8L8 10.9l2.8-.3z" fill="#171132" stroke="none" />
  </svg>
);
