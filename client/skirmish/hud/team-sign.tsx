/** A team's sign: its colour and its shape, as fighters wear them. */
import type { JSX } from "preact";
import { teams } from "../arena/colours.ts";

const shapes = ["M10 1a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M2 2h16v16H2z", "M10 0l10 10-10 10L0 10z", "M10 1l10 17H0z"];

export const TeamSign = ({ team }: { readonly team: number }): JSX.Element => (
  <svg class="team-sign" viewBox="0 0 20 20" aria-hidden="true">
    <path d={shapes[team]} fill={teams[team]!.fill} />
  </svg>
);
