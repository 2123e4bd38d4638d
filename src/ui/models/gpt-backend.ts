import { gptBackendOn } from "../../lesson/gpt-backend.ts";
import { pageContext } from "./page-context.ts";

/** The models on WebGPU, named as on the page that runs. */
export const gptBackend = gptBackendOn(pageContext);
