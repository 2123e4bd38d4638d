import { writeFileSync } from "node:fs";
import { readOptions } from "../cli/options.ts";
import { recordOf } from "../cli/record.ts";
import { report } from "../cli/report.ts";
import { reportLadders } from "../ladder/report.ts";
import { installDawn } from "./install-dawn.ts";

// The benchmark on Dawn, Chromium's WebGPU, in Node: for a GPU machine without a browser. `npm run bench -- --node` and
// `--pack` bundle it into one file, which takes --only, --precision, --ladder, --about and --json. The engine is the
// same as the page's.

async function main(args: readonly string[]): Promise<void> {
  const { json, ladder, about, ...options } = readOptions(args);
  installDawn();
  const say = (what: string) => console.error(`... ${what}`);
  if (ladder) {
    const { climbAll } = await import("../ladder/ladders.ts");
    const result = await climbAll(about, say);
    console.log(reportLadders(result));
    if (json) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  const { bench } = await import("../measure/bench.ts"); // whose modules need WebGPU's names at once
  const result = await bench(options, say);
  if (!result.ids_ok) throw new Error(`The model said ${result.ids}, which is wrong: nothing was timed.`);
  const record = recordOf(result, `Node ${process.versions.node}, Dawn`, import.meta.env.COMMIT);
  console.log(report(record));
  if (json) writeFileSync(json, `${JSON.stringify(record, null, 2)}\n`);
  if (result.unmasked_ok === false) throw new Error("Without a mask the model says the wrong ids.");
}

const inNode: Record<string, string> = {
  "no-adapter":
    "Dawn found no GPU. On Linux it needs libvulkan.so.1 and a Vulkan driver; VK_ICD_FILENAMES may name the driver's .json file.",
};

try {
  await main(process.argv.slice(2));
  process.exit(0); // otherwise Dawn, which is never collected, would keep the process running
} catch (error) {
  const { code = "", message } = error as { code?: string; message: string };
  console.error(inNode[code] ?? message);
  process.exit(1);
}
