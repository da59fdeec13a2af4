/** Drawings, made of paths in code: no font and no image is loaded. All are decoration; the words stand beside them. */
import type { ComponentChildren, JSX } from "preact";

interface IconProps {
  readonly class?: string;
}

export function Icon({ children, class: name }: IconProps & { readonly children: ComponentChildren }): JSX.Element {
  return (
    <svg
      class={name === undefined ? "icon" : `icon ${name}`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

const shieldPath = "M12 2.5 4 5.6v6.1c0 4.7 3.2 8.3 8 9.8 4.8-1.5 8-5.1 8-9.8V5.6z";

/** The mark inside the shield says what the colour says. */
export function Shield({ mark }: { readonly mark: "check" | "warn" | "cross" | "none" | "wait" }): JSX.Element {
  return (
    <Icon>
      <path d={shieldPath} fill="currentColor" fill-opacity=".18" />
      {mark === "check" ? <path d="m8.3 12 2.6 2.6 4.9-5.2" /> : null}
      {mark === "warn" ? <path d="M12 7.4v5.2M12 16.2v.1" /> : null}
      {mark === "cross" ? <path d="m9 9 6 6M15 9l-6 6" /> : null}
      {mark === "wait" ? <path d="M8.5 12h.01M12 12h.01M15.5 12h.01" /> : null}
    </Icon>
  );
}

export const Warning = (): JSX.Element => (
  <Icon>
    <path d="M12 3.6 2.7 19.6h18.6z" fill="currentColor" fill-opacity=".14" />
    <path d="M12 10v4.2M12 17v.1" />
  </Icon>
);
export const Cross = (): JSX.Element => (
  <Icon>
    <path d="m6 6 12 12M18 6 6 18" />
  </Icon>
);
export const Check = (): JSX.Element => (
  <Icon>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Icon>
);
export const Copy = (): JSX.Element => (
  <Icon>
    <rect x="9" y="9" width="11" height="11" rx="2.5" />
    <path d="M15 5.5A2.5 2.5 0 0 0 12.5 4h-6A2.5 2.5 0 0 0 4 6.5v6A2.5 2.5 0 0 0 5.5 15" />
  </Icon>
);
export const Share = (): JSX.Element => (
  <Icon>
    <path d="M12 15V3.5m-4 4 4-4 4 4M5 13v5a2.5 2.5 0 0 0 2.5 2.5h9A2.5 2.5 0 0 0 19 18v-5" />
  </Icon>
);
export const Download = (): JSX.Element => (
  <Icon>
    <path d="M12 3.5V15m-4-4 4 4 4-4M4.5 19.5h15" />
  </Icon>
);
export const Eye = (): JSX.Element => (
  <Icon>
    <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" />
    <circle cx="12" cy="12" r="2.8" />
  </Icon>
);
export const Play = (): JSX.Element => (
  <Icon>
    <path d="M7 4.5v15l12-7.5z" fill="currentColor" />
  </Icon>
);
export const Key = (): JSX.Element => (
  <Icon>
    <circle cx="8" cy="15.5" r="4" />
    <path d="m11 12.5 8.5-8.5M16 7.5l2.5 2.5" />
  </Icon>
);
export const Flag = (): JSX.Element => (
  <Icon>
    <path d="M6 21V4m0 1c4-2.5 7 2 12 0v8.5c-5 2-8-2.5-12 0" />
  </Icon>
);
export const Exit = (): JSX.Element => (
  <Icon>
    <path d="M14 4.5H7A2.5 2.5 0 0 0 4.5 7v10A2.5 2.5 0 0 0 7 19.5h7M10 12h10.5m-4-4 4 4-4 4" />
  </Icon>
);
export const Hourglass = (): JSX.Element => (
  <Icon>
    <path d="M7 3.5h10M7 20.5h10M8 3.5c0 5 4 5.5 4 8.5s-4 3.5-4 8.5M16 3.5c0 5-4 5.5-4 8.5s4 3.5 4 8.5" />
  </Icon>
);
export const Crown = (): JSX.Element => (
  <Icon>
    <path d="m4 8 3.5 3.5L12 5l4.5 6.5L20 8l-1.5 10h-13z" fill="currentColor" fill-opacity=".22" />
  </Icon>
);
