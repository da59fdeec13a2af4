/** Plays by hand, in plain Node: a place for breakpoints, and to see what each side sees. */
import { playRoom } from "phatroom/contract/testing";
import { game } from "./contract.ts";

const room = playRoom(game);
const [ann, ben] = [room.join("Ann"), room.join("Ben")];

console.log("Ann bids 3:", ann.move({ bid: 3 }));
console.log("Ann bids again:", ann.move({ bid: 4 }));
console.log("The room holds:", room.state);
console.log("Ben sees:", ben.view);
