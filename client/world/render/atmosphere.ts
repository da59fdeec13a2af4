/** The material of everything that stands in the dusk: rim light, glow by the colour's fourth number, haze of the sky's colour. */
import "@babylonjs/core/Materials/materialPluginManager.js";
import { MaterialPluginBase } from "@babylonjs/core/Materials/materialPluginBase.js";
import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import { Color3 } from "@babylonjs/core/Maths/math.color.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import type { UniformBuffer } from "@babylonjs/core/Materials/uniformBuffer.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { skyGlsl, sunGlsl } from "./sky.ts";

/** Metres between which haze grows. */
const hazeNear = "34.0";
const hazeFar = "210.0";

/** In the shader, `dusk` is the night, the rim light's strength and the pulse. */
const beforeFog = `
float rimK = pow(1.0 - clamp(dot(viewDirectionW, normalW), 0.0, 1.0), 3.0);
vec3 rimC = mix(vec3(0.45, 0.35, 0.9), vec3(1.0, 0.62, 0.42), clamp(dot(normalW, ${sunGlsl}) * 0.5 + 0.5, 0.0, 1.0));
color.rgb += mix(rimC, vec3(0.3, 0.34, 0.8), dusk.x * 0.8) * rimK * dusk.y * (0.35 + 0.65 * clamp(normalW.y * 0.5 + 0.6, 0.0, 1.0));
#ifdef VERTEXCOLOR
float glowK = clamp(1.0 - vColor.a, 0.0, 1.0);
color.rgb = mix(color.rgb, baseColor.rgb * (1.15 + dusk.z * 0.35), glowK);
#endif`;

const beforeColour = `
vec3 toPoint = vPositionW - vEyePosition.xyz;
float far = length(toPoint);
float haze = clamp((far - ${hazeNear}) / (${hazeFar} - ${hazeNear}), 0.0, 1.0);
haze = 1.0 - exp(-haze * haze * 2.6);
haze += clamp((-vPositionW.y - 3.0) / 26.0, 0.0, 1.0) * 0.75 * (1.0 - haze);
#ifdef VERTEXCOLOR
haze *= 1.0 - glowK * 0.5;
#endif
vec3 towards = toPoint / max(far, 1e-3);
color.rgb = mix(color.rgb, duskSky(normalize(vec3(towards.x, max(towards.y, -0.12), towards.z)), dusk.x), haze);
color.a = 1.0;`;

class DuskPlugin extends MaterialPluginBase {
  readonly #rim: number;
  /** 0 to 1: how strongly what glows pulses just now. */
  pulse = 0;
  /** 0 to 1. */
  night = 0;

  constructor(material: Material, rim: number) {
    super(material, "Dusk", 200, { DUSK: true });
    this.#rim = rim;
    this._enable(true);
  }

  override getClassName(): string {
    return "DuskPlugin";
  }

  override getUniforms(): { ubo: { name: string; size: number; type: string }[]; fragment: string } {
    return {
      ubo: [{ name: "dusk", size: 3, type: "vec3" }],
      fragment: "#ifdef DUSK\nuniform vec3 dusk;\n#endif",
    };
  }

  override bindForSubMesh(uniforms: UniformBuffer): void {
    uniforms.updateFloat3("dusk", this.night, this.#rim, this.pulse);
  }

  override getCustomCode(shader: string): { [point: string]: string } | null {
    if (shader !== "fragment") return null;
    return {
      CUSTOM_FRAGMENT_DEFINITIONS: skyGlsl,
      CUSTOM_FRAGMENT_BEFORE_FOG: beforeFog,
      CUSTOM_FRAGMENT_BEFORE_FRAGCOLOR: beforeColour,
    };
  }
}

/** Names of what each instance of a dyed mesh brings along. */
export const instanceAttributes = ["coat", "shine", "fit"] as const;

/** Colours of one's own, and where on the body a part sits, before the skeleton moves it. */
class DyePlugin extends MaterialPluginBase {
  constructor(material: Material) {
    super(material, "Dye", 210, { DYED: true });
    this._enable(true);
  }

  override getClassName(): string {
    return "DyePlugin";
  }

  override getAttributes(attributes: string[]): void {
    attributes.push("dye", ...instanceAttributes);
  }

  override getCustomCode(shader: string): { [point: string]: string } | null {
    if (shader !== "vertex") return null;
    return {
      CUSTOM_VERTEX_DEFINITIONS:
        "attribute float dye;\nattribute vec4 coat;\nattribute vec4 shine;\nattribute vec4 fit;",
      CUSTOM_VERTEX_UPDATE_POSITION: "positionUpdated = positionUpdated * fit.w + fit.xyz;",
      CUSTOM_VERTEX_MAIN_END: `
#ifdef VERTEXCOLOR
vColor.rgb *= dye < 0.5 ? vec3(1.0) : dye < 1.5 ? coat.rgb : vec3(1.0);
if (dye > 1.5) vColor.rgb = mix(vColor.rgb, shine.rgb, shine.a);
#endif`,
    };
  }
}

/**
 * Metres from the eye: nearer than the first nothing airy is drawn, farther than the second all of it. Shares of how far
 * the eye is from whom it follows: what stands beside them is all there, and so is everything to the first person.
 */
const airyNone = { most: 1.7, share: 0.4 };
const airyAll = { most: 3.1, share: 0.75 };

/**
 * Metres around the line from the eye to whom it follows: within the first little is drawn, outside of the second all. What
 * is farther before them than the last is in the way, what is nearer than `beside` stands beside them.
 */
const airyHole = { clear: 0.8, whole: 1.5, left: 0.12, beside: 0.2, before: 0.8 };

/**
 * What is airy neither fills the picture nor hides whom the eye follows: the closer it is to the eye, or to the line from
 * there to them, the fewer of its pixels are drawn. Blending would have to be sorted. Which go first is Jimenez's
 * interleaved gradient noise, which is even however few are left.
 */
class AiryPlugin extends MaterialPluginBase {
  /** Metres from the eye to whom it follows. */
  reach = Infinity;
  /** Their middle. */
  readonly whom = new Vector3();

  constructor(material: Material) {
    super(material, "Airy", 220, { AIRY: true });
    this._enable(true);
  }

  override getClassName(): string {
    return "AiryPlugin";
  }

  override getUniforms(): { ubo: { name: string; size: number; type: string }[]; fragment: string } {
    return {
      ubo: [
        { name: "airy", size: 2, type: "vec2" },
        { name: "airyWhom", size: 3, type: "vec3" },
      ],
      fragment: "#ifdef AIRY\nuniform vec2 airy;\nuniform vec3 airyWhom;\n#endif",
    };
  }

  override bindForSubMesh(uniforms: UniformBuffer): void {
    const { reach } = this;
    uniforms.updateFloat2(
      "airy",
      Math.min(airyNone.most, airyNone.share * reach),
      Math.min(airyAll.most, airyAll.share * reach),
    );
    uniforms.updateVector3("airyWhom", this.whom);
  }

  override getCustomCode(shader: string): { [point: string]: string } | null {
    if (shader !== "fragment") return null;
    return {
      CUSTOM_FRAGMENT_MAIN_BEGIN: `
vec3 airyAt = vPositionW - vEyePosition.xyz;
vec3 airyLine = airyWhom - vEyePosition.xyz;
float airyAlong = clamp(dot(airyAt, airyLine) / max(dot(airyLine, airyLine), 1e-3), 0.0, 1.0);
float airyAside = smoothstep(${airyHole.clear}, ${airyHole.whole}, distance(airyAt, airyLine * airyAlong));
float airyBefore = smoothstep(${airyHole.beside}, ${airyHole.before}, (1.0 - airyAlong) * length(airyLine));
float airyK = clamp((length(airyAt) - airy.x) / max(airy.y - airy.x, 1e-3), 0.0, 1.0);
airyK = min(airyK, mix(1.0, ${airyHole.left}, (1.0 - airyAside) * airyBefore));
if (airyK <= fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))))) discard;`,
    };
  }
}

export interface DuskMaterial {
  readonly material: StandardMaterial;
  pulse(strength: number): void;
  /** 0 by day, 1 at midnight. */
  darken(night: number): void;
}

export interface AiryMaterial extends DuskMaterial {
  /** @param whom the middle of whom the eye follows. @param reach metres to there; 0 to the first person. */
  thin(whom: Vector3, reach: number): void;
}

export function duskMaterial(
  scene: Scene,
  options: { readonly rim?: number; readonly dyed?: boolean } = {},
): DuskMaterial {
  const { rim = 0.55, dyed = false } = options;
  const material = new StandardMaterial(dyed ? "dyed" : "dusk-lit", scene);
  material.specularColor = Color3.Black();
  // The fourth number of a colour means glow here, not transparency.
  material.transparencyMode = 0;
  const plugin = new DuskPlugin(material, rim);
  if (dyed) new DyePlugin(material);
  return {
    material,
    pulse: (strength) => {
      plugin.pulse = strength;
    },
    darken: (night) => {
      plugin.night = night;
    },
  };
}

/** For what one sees past. */
export function airyMaterial(scene: Scene): AiryMaterial {
  const dusk = duskMaterial(scene);
  dusk.material.name = "airy";
  const plugin = new AiryPlugin(dusk.material);
  return {
    ...dusk,
    thin: (whom, reach) => {
      plugin.whom.copyFrom(whom);
      plugin.reach = reach;
    },
  };
}
