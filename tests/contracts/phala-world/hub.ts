/** A hub for tests, and people in it who go where they are sent. */
import type { Value } from "#contract/index.ts";
import { playRoom, type Coming, type PlayedClient, type PlayedRoom } from "#testing/play.ts";
import { distance } from "#world/island/ground.ts";
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

/** Walks straight towards a place for at most so long. */
export function walkTo(hub: Hub, client: Client, goal: Place, seconds: number): void {
  for (let left = seconds; left > 0; left -= 0.2) {
    const { x, z } = placeOf(hub, client);
    const apart = distance(goal.x - x, goal.z - z);
    if (apart < 0.4) break;
    client.move({ do: "walk", x: (goal.x - x) / apart, z: (goal.z - z) / apart, run: false });
    hub.advance(0.15);
  }
  client.move({ do: "walk", x: 0, z: 0, run: false });
}

/** Views are computed five times a second. */
export const settle = (hub: Hub): void => hub.advance(0.3);

/** What somebody was told, of one kind. */
export const told = <Kind extends string>(client: Client, kind: Kind): readonly Value[] =>
  client.sent.flatMap((message) => {
    const said = (message as { readonly [name: string]: Value })[kind];
    return said === undefined ? [] : [said];
  });
