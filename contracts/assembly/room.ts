/** What a module may call outside itself: a line for the author's terminal, in development only. Without effect elsewhere. */
export declare function log(at: usize, length: i32): void;
