import { Disk, MemoryStore } from "../support/memory-store.ts";
import { storeConformance } from "./store.ts";

const disk = new Disk();

storeConformance(() => Promise.resolve(new MemoryStore(disk)));
