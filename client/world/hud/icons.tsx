/** Drawings of the world's controls, made of paths: no font and no image is loaded. The words stand beside them. */
import type { ComponentChildren, JSX } from "preact";

const Icon = ({ children }: { readonly children: ComponentChildren }): JSX.Element => (
  <svg
    class="icon"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    {children}
  </svg>
);

export const Wave = (): JSX.Element => (
  <Icon>
    <path d="M8 13V6.5a1.4 1.4 0 0 1 2.8 0V11m0-.5V4.8a1.4 1.4 0 0 1 2.8 0V11m0-.2V6a1.4 1.4 0 0 1 2.8 0v7.5c0 4-2.3 7-5.8 7-2.6 0-4-1.2-5.3-3.4L3.3 13a1.5 1.5 0 0 1 2.5-1.5L8 14" />
    <path d="M18.5 4.2c1 .6 1.7 1.5 2 2.6" />
  </Icon>
);
export const Dance = (): JSX.Element => (
  <Icon>
    <circle cx="13" cy="4.2" r="1.9" />
    <path d="m5 8.5 5-.8 4 1 4.5-3M12.5 9l-1 5 3.5 2.5.5 4.5M11.5 14l-2.5 2.5-3.5.5" />
  </Icon>
);
export const Cheer = (): JSX.Element => (
  <Icon>
    <path d="m4 20 4.2-10.5 6.3 6.3zM14 5.5c.2-1.5 1-2.3 2.5-2.5M17 11c1.2-1 2.6-1.1 4-.4M19.5 5.5h.01M12 8.5c1.4-1 1.9-2.3 1.6-4" />
  </Icon>
);
export const Sit = (): JSX.Element => (
  <Icon>
    <path d="M7 3v10h10M7 13v8M17 13v8M7 17h10" />
  </Icon>
);
export const Looks = (): JSX.Element => (
  <Icon>
    <path d="M8.5 3.5 4 6l1.5 4 2-1v11.5h9V9l2 1L20 6l-4.5-2.5c-.6 1.7-1.9 2.5-3.5 2.5s-2.9-.8-3.5-2.5z" />
  </Icon>
);
export const People = (): JSX.Element => (
  <Icon>
    <circle cx="9" cy="8" r="3.4" />
    <path d="M2.8 20c.4-3.8 2.8-5.8 6.2-5.8s5.8 2 6.2 5.8M15.5 4.9a3.4 3.4 0 0 1 0 6.2M17.6 14.7c2.1.8 3.4 2.6 3.6 5.3" />
  </Icon>
);
export const Sliders = (): JSX.Element => (
  <Icon>
    <path d="M4 7h9m4 0h3M4 17h3m4 0h9" />
    <circle cx="15" cy="7" r="2.2" />
    <circle cx="9" cy="17" r="2.2" />
  </Icon>
);
export const Question = (): JSX.Element => (
  <Icon>
    <path d="M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.3M12 18.5h.01" />
  </Icon>
);
export const Egg = (): JSX.Element => (
  <Icon>
    <path d="M12 3c3.8 0 6.5 5.6 6.5 10a6.5 6.5 0 0 1-13 0C5.5 8.6 8.2 3 12 3z" />
    <path d="m6 12 3.5 2 2.5-2.5 2.5 2.5 3.5-2" />
  </Icon>
);
export const Spade = (): JSX.Element => (
  <Icon>
    <path d="M9 3h6m-3 0v10m-4.5 0h9v2.5c0 2.8-2 4.7-4.5 6-2.5-1.3-4.5-3.2-4.5-6z" />
  </Icon>
);
export const Gate = (): JSX.Element => (
  <Icon>
    <path d="M5.5 20a8.5 8.5 0 1 1 13 0M3 20h18M12 8.5v6m-2.5-2.5 2.5 2.5 2.5-2.5" />
  </Icon>
);

/** The sign of the world: an egg of plates. */
export const Mark = (): JSX.Element => (
  <svg
    class="mark"
    viewBox="0 0 24 24"
    aria-hidden="true"
    fill="none"
    stroke="#1a1436"
    stroke-width="1.7"
    stroke-linejoin="round"
  >
    <path d="M12 2.5c4 0 7 6 7 10.5a7 7 0 0 1-14 0c0-4.5 3-10.5 7-10.5z" fill="#1a143626" />
    <path d="m12 2.5-3 7.5 3 4 3-4zM5 13l4-3m10 3-4-3m-3 4v6" />
  </svg>
);
