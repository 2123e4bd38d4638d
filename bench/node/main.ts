import { writeFileSync } from "node:fs";
import { readOptions } from "../cli/options.ts";
import { recordOf } from "../cli/record.ts";
import { report } from "../cli/report.ts";
import { installDawn } from "./install-dawn.ts";

// The benchmark on Dawn, Chromium's WebGPU, in Node: for a GPU machine without a browser. `npm run bench -- --node` and
// `--pack` bundle it into one file, which takes `--only` and `--json`. The engine is the page's, and cannot tell.

const { only, json } = readOptions(process.argv.slice(2));
installDawn();
const { bench } = await import("../measure/bench.ts");
const result = await bench({ only }, (what) => console.error(`... ${what}`));
const record = recordOf(result, `Node ${process.versions.node}, Dawn`, import.meta.env.COMMIT);
if (result.ids_ok) console.log(report(record));
if (json) writeFileSync(json, `${JSON.stringify(record, null, 2)}\n`);
if (!result.ids_ok) console.error(`The model said ${result.ids}, which is wrong: nothing was timed.`);
process.exit(result.ids_ok ? 0 : 1); // Dawn, kept alive on purpose, would keep the process alive too
