/** Calls pure components until only elements are left, so that a test can look at what a page would show. */
import type { ComponentChild, VNode } from "preact";

export interface Shown {
  readonly tag: string;
  readonly props: { readonly [name: string]: unknown };
  readonly children: readonly (Shown | string)[];
}

export function show(node: ComponentChild): readonly (Shown | string)[] {
  if (node === null || node === undefined || typeof node === "boolean") return [];
  if (Array.isArray(node)) return (node as ComponentChild[]).flatMap(show);
  if (typeof node !== "object") return [String(node)];
  const { type, props } = node as VNode<{ children?: ComponentChild }>;
  if (typeof type === "string") return [{ tag: type, props: { ...props }, children: show(props.children) }];
  // Fragments hand on their children; components of this page are functions of their props.
  return show((type as (props: object) => ComponentChild)(props));
}

export function find(nodes: readonly (Shown | string)[], wanted: (node: Shown) => boolean): Shown[] {
  return nodes.flatMap((node) => {
    if (typeof node === "string") return [];
    const deeper = find(node.children, wanted);
    return wanted(node) ? [node, ...deeper] : deeper;
  });
}

export const withData = (nodes: readonly (Shown | string)[], name: string, value?: string): Shown[] =>
  find(
    nodes,
    ({ props }) => props[`data-${name}`] !== undefined && (value === undefined || props[`data-${name}`] === value),
  );
