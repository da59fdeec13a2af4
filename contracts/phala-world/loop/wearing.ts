/** Wearing: parts move between the slots of a Shell, out of it, and into another of one's own. */
import { partKinds, type Slot } from "./kinds.ts";
import type { Loop, Part, Shell } from "./loop.ts";
import type { Refusal } from "./refusals.ts";

/** Puts a part on. What was in its slot stays with the Shell, unworn. */
export function wear(loop: Loop, player: string, shellId: number, partId: number): Shell | Refusal {
  const shell = loop.shells[shellId];
  const part = loop.parts[partId];
  if (shell === undefined || part === undefined) return "NoSuchThing";
  if (shell.owner !== player || part.owner !== player) return "NotOwner";
  if (part.shell !== null && part.shell !== shellId) takeOut(loop, part);
  part.shell = shellId;
  shell.worn[partKinds[part.name].slot] = partId;
  return shell;
}

/** Takes off what is worn in a slot; it stays with the Shell. */
export function takeOff(loop: Loop, player: string, shellId: number, slot: Slot): Shell | Refusal {
  const shell = loop.shells[shellId];
  if (shell === undefined) return "NoSuchThing";
  if (shell.owner !== player) return "NotOwner";
  if (shell.worn[slot] === undefined) return "WrongSlot";
  delete shell.worn[slot];
  return shell;
}

/** Takes a part out of its Shell, so that it can be worn by another, or given away by itself. */
export function withdraw(loop: Loop, player: string, partId: number): Part | Refusal {
  const part = loop.parts[partId];
  if (part === undefined || part.shell === null) return "NoSuchThing";
  if (part.owner !== player) return "NotOwner";
  takeOut(loop, part);
  return part;
}

function takeOut(loop: Loop, part: Part): void {
  const shell = part.shell === null ? undefined : loop.shells[part.shell];
  const { slot } = partKinds[part.name];
  if (shell?.worn[slot] === part.id) delete shell.worn[slot];
  part.shell = null;
}
