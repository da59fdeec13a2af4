/**
 * How stages load tests and what they test: by Node itself, as everybody runs it. Vite's runner would strip the same types
 * in one process for all, and make a lookup of every use of an import.
 */
export const inNode = { experimental: { viteModuleRunner: false, nodeLoader: false } } as const;
