import "../before.js";
import Graph from "graphology";
import "../after.js";

export function run() {
  const graph = new Graph({ type: "directed" });
  for (const room of ["hall", "kitchen", "cellar"]) graph.addNode(room, { dark: room === "cellar" });
  graph.addEdgeWithKey("door", "hall", "kitchen");
  graph.addEdgeWithKey("stairs", "kitchen", "cellar", { creaks: true });
  const seen = [];
  graph.on("edgeDropped", ({ key }) => seen.push(key));
  graph.dropNode("kitchen");
  return { seen, left: graph.export() };
}
