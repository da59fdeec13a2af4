/** Imported behind the library that `before.js` is imported for. */
import { drawn } from "./before.js";

Math.random = drawn;
