/** Where workloads get their input and leave their output. */
export const IN: Uint8Array = new Uint8Array(1024);
export const OUT: Uint8Array = new Uint8Array(65536);
