import { createNanoEvents } from "nanoevents";

export function run() {
  const emitter = createNanoEvents();
  const heard = [];
  const off = emitter.on("hit", (player, damage) => heard.push([player, damage]));
  emitter.on("hit", (player) => player === "ann" && off());
  emitter.emit("hit", "ben", 3);
  emitter.emit("hit", "ann", 4);
  emitter.emit("hit", "ann", 5);
  return heard;
}
