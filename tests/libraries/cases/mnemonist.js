import { BiMap, FixedReverseHeap, LRUCache, MultiSet, SparseSet, Trie } from "mnemonist";

export function run() {
  const cache = new LRUCache(3);
  for (const key of ["a", "b", "c", "a", "d"]) cache.set(key, key.toUpperCase());
  const heap = new FixedReverseHeap(Float64Array, (a, b) => a - b, 4);
  for (const number of [5, 0.1, 3, 9, 0.2, 7]) heap.push(number);
  const trie = Trie.from(["tic", "tac", "tactic", "toe"]);
  const set = new SparseSet(10);
  for (const member of [3, 7, 1]) set.add(member);
  return {
    cache: [...cache.entries()],
    heap: [...heap.consume()],
    words: trie.find("ta"),
    sparse: [...set],
    counts: MultiSet.from("banana").top(2),
    inverse: BiMap.from({ a: "b" }).inverse.get("b"),
  };
}
