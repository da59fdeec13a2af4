/** What tests tell threads to do, past everything that is tested. */
export const ordersChannel = "phatroom tests: orders";

export interface Order {
  readonly thread: number;
  readonly do: "answer" | "throw" | "end" | "hoard" | "loop in JavaScript" | "loop in WebAssembly" | "work in pieces";
}
