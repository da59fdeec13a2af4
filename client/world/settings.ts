/** What a person has chosen about the picture, the sound, the motion and the keys; kept on this device. */
import { levels, type Level } from "./quality/levels.ts";
import { readKeys, usualKeys, type Chosen } from "./input/chosen.ts";
import { readSigns, type Signs } from "./input/printed.ts";
import { decodeLook, encodeLook, plainLook, type Look } from "./avatars/look.ts";

export interface Settings {
  readonly quality: Level | "auto";
  /** `system`: as the system says. */
  readonly motion: "system" | "less" | "full";
  /** 0 to 100. */
  readonly volume: number;
  readonly captions: boolean;
  readonly name: string;
  readonly look: Look;
  readonly keys: Chosen;
  readonly signs: Signs;
}

export const usualSettings: Settings = {
  quality: "auto",
  motion: "system",
  volume: 40,
  captions: false,
  name: "",
  look: plainLook,
  keys: usualKeys,
  signs: {},
};

export const nameLengthMax = 20;

/** Whatever stands there, what comes out are settings. */
export function readSettings(text: string | null): Settings {
  const stored = parsed(text);
  const look = typeof stored["look"] === "string" ? decodeLook(stored["look"]) : undefined;
  const { quality, motion, volume, captions, name, keys, signs } = stored;
  return {
    quality: levels.includes(quality as Level) ? (quality as Level) : usualSettings.quality,
    motion: motion === "less" || motion === "full" ? motion : usualSettings.motion,
    volume: typeof volume === "number" && volume >= 0 && volume <= 100 ? Math.round(volume) : usualSettings.volume,
    captions: typeof captions === "boolean" ? captions : usualSettings.captions,
    name: typeof name === "string" ? name.slice(0, nameLengthMax) : usualSettings.name,
    look: look ?? usualSettings.look,
    keys: readKeys(keys),
    signs: readSigns(signs),
  };
}

export const writeSettings = (settings: Settings): string =>
  JSON.stringify({ ...settings, look: encodeLook(settings.look) });

function parsed(text: string | null): { readonly [key: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as { readonly [key: string]: unknown }) : {};
  } catch {
    return {};
  }
}

/** Whether what moves by itself should nearly stand still. */
export const wantsLessMotion = ({ motion }: Settings, systemSaysLess: boolean): boolean =>
  motion === "less" || (motion === "system" && systemSaysLess);
