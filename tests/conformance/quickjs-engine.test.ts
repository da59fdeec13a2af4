import { quickJsEngine } from "#enclave/sandbox/quickjs/engine.ts";
import { engineConformance } from "./engine.ts";

engineConformance(quickJsEngine);
