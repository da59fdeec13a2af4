/** BASE, EQUIPPABLE and THEMEADD: only their issuer's. */
import type { Base, ChangeEquippable, Equippable, ThemeAdd } from "../codec/base.ts";
import type { RefusalCode } from "../errors.ts";
import { baseIdOf } from "../ids.ts";
import { equippableMax, themesMax } from "../limits.ts";
import type { Rule } from "./rule.ts";

const defaultTheme = "default";

export const base: Rule<Base> = (state, { block, caller }, interaction) => {
  const { issuer, symbol, type, metadata, parts, themes } = interaction;
  if (issuer !== caller) return "issuer-not-caller";
  if (themes.size > 0 && !themes.has(defaultTheme)) return "theme-default-missing";
  const id = baseIdOf(block, symbol);
  // Its id has no issuer in it: whoever is first in a block has it, and whoever was not makes another.
  if (state.bases.has(id)) return "base-exists";
  const byId = new Map(parts.map((part) => [part.id, part]));
  state.bases.set(id, { id, block, issuer, symbol, type, metadata, parts: byId, themes: new Map(themes) });
  return [{ event: "base-created", base: id }];
};

export const equippable: Rule<ChangeEquippable> = (state, { caller }, interaction) => {
  const target = state.bases.get(interaction.base);
  if (target === undefined) return "base-unknown";
  if (target.issuer !== caller) return "not-issuer";
  const part = target.parts.get(interaction.part);
  if (part === undefined) return "part-unknown";
  if (part.kind !== "slot") return "part-fixed";
  const changed = changeOf(part.equippable, interaction);
  if (!isEquippable(changed)) return changed;
  target.parts.set(part.id, { ...part, equippable: changed });
  return [{ event: "equippable-changed", base: target.id, part: part.id }];
};

const isEquippable = (value: Equippable | RefusalCode): value is Equippable => value === "*" || Array.isArray(value);

function changeOf(before: Equippable, { change, collections }: ChangeEquippable): Equippable | RefusalCode {
  if (change === "set" || collections === "*") return collections;
  if (before === "*") return "equippable-all";
  const others = before.filter((collection) => !collections.includes(collection));
  if (change === "remove") return others;
  const all = before.concat(collections.filter((collection) => !before.includes(collection)));
  return all.length > equippableMax ? "equippable-too-many" : all;
}

export const themeAdd: Rule<ThemeAdd> = (state, { caller }, { base: id, name, theme }) => {
  const target = state.bases.get(id);
  if (target === undefined) return "base-unknown";
  if (target.issuer !== caller) return "not-issuer";
  if (target.themes.has(name)) return "theme-exists";
  if (target.themes.size === 0 && name !== defaultTheme) return "theme-default-missing";
  if (target.themes.size >= themesMax) return "themes-too-many";
  target.themes.set(name, theme);
  return [{ event: "theme-added", base: id, theme: name }];
};
