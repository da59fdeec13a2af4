import createGraph from "ngraph.graph";
import { aStar } from "ngraph.path";
import { seeded } from "../seeded.js";

export function run() {
  const next = seeded(31);
  const graph = createGraph();
  for (let i = 0; i < 150; i++) graph.addLink(Math.floor(next() * 40), Math.floor(next() * 40), { weight: next() });
  const finder = aStar(graph, { distance: (_from, _to, link) => link.data.weight });
  return { path: finder.find(1, 20).map(({ id }) => id), nodes: graph.getNodeCount() };
}
