/** A hub for tests, and people in it who go where they are sent. */
import type { Value } from "#contract/index.ts";
import { playRoom, type Coming, type PlayedClient, type PlayedRoom } from "#testing/play.ts";
import { distance } from "#world/island/ground.ts";
import { pushMax } from "../../../contracts/phala-world/codes.ts";
import { Body } from "../../../contracts/phala-world/components.ts";
import { phalaWorld, type Move, type State, type View } from "../../../contracts/phala-world/phala-world.ts";

export type Hub = PlayedRoom<State, Move, View>;
export type Client = PlayedClient<Move, View>;

export const openHub = (clock: "days" | "minutes" | "seconds" = "days", seed = "hub"): Hub =>
  playRoom(phalaWorld, { options: { clock }, seed });

export const enters = (name: string): Move => ({ do: "enter", name, race: "cyborg", coat: 1, light: 2 });

/** Somebody who is in the world already. */
export function comeIn(hub: Hub, name: string, coming: Coming = {}): Client {
  const client = hub.join(name, coming);
  client.move(enters(name));
  return client;
}

export interface Place {
  readonly x: number;
  readonly z: number;
}

/** Where the body of somebody is. */
export function placeOf(hub: Hub, { seat }: Client): Place {
  return hub.inside(() => {
    const row = Body.seat.indexOf(seat!);
    return { x: Body.x[row]!, z: Body.z[row]! };
  });
}

/** Puts somebody somewhere: tests of what happens there need not walk. */
export function put(hub: Hub, { seat }: Client, { x, z }: Place): void {
  hub.inside(() => {
    const row = hub.state.people[seat!]!.row;
    Body.x[row] = x;
    Body.z[row] = z;
  });
  hub.advance(0.3);
}

/** Goes that way from now on: as far as each number says, from -1 to 1. */
export const pushes = (client: Client, x: number, z: number, run = false): void =>
  client.push({ x: Math.round(x * pushMax), z: Math.round(z * pushMax), run: run ? 1 : 0 });

/** Walks straight towards a place for at most so long. */
export function walkTo(hub: Hub, client: Client, goal: Place, seconds: number): void {
  for (let left = seconds; left > 0; left -= 0.2) {
    const { x, z } = placeOf(hub, client);
    const apart = distance(goal.x - x, goal.z - z);
    if (apart < 0.4) break;
    pushes(client, (goal.x - x) / apart, (goal.z - z) / apart);
    hub.advance(0.15);
  }
  pushes(client, 0, 0);
}

/** Views are computed five times a second. */
export const settle = (hub: Hub): void => hub.advance(0.3);

/** What somebody was told, of one kind. */
export const told = <Kind extends string>(client: Client, kind: Kind): readonly Value[] =>
  client.sent.flatMap((message) => {
    const said = (message as { readonly [name: string]: Value })[kind];
    return said === undefined ? [] : [said];
  });
