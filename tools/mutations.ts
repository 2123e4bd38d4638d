import { resolve } from "node:path";
import { findOrInstallChromium } from "./browser.ts";
import { mutations } from "./mutations/list.ts";
import type { Mutation } from "./mutations/mutation.ts";
import { runSuites } from "./mutations/suite.ts";
import { Tree } from "./mutations/tree.ts";

// `npm run mutations`: breaks one thing at a time in a copy of the working tree and runs the smallest suite that should
// notice. `npm run mutations -- dropout` tries only the mutations whose name or file says "dropout".
// Fails when a mutation survives, when one proves nothing, and when the text it looks for is gone.

const wanted = process.argv[2] ?? "";
const chosen = mutations.filter(({ name, file }) => `${name} ${file}`.includes(wanted));
process.env.NEXT_TOKEN_BROWSER = findOrInstallChromium();

const tree = new Tree(resolve(import.meta.dirname, ".."));
try {
  process.exitCode = main();
} finally {
  tree.remove();
}

function main(): number {
  const lost = chosen.filter((mutation) => tree.count(mutation) !== 1);
  for (const mutation of lost) {
    console.error(
      `${mutation.name}: ${tree.count(mutation)} times in ${mutation.file}, not once:\n${mutation.find}`,
    );
  }
  if (lost.length > 0 || chosen.length === 0) return 1;

  // What fails on sound code would "notice" anything.
  const suites = [...new Set(chosen.map(({ suite }) => suite))];
  console.error(`${chosen.length} mutations, ${suites.length} suites. First the suites on sound code.`);
  const sound = runSuites(tree.folder, suites);
  if (sound.result !== "passed") {
    console.error(sound.result === "failed" ? `Fails without a mutation: ${sound.test}` : sound.why);
    return 1;
  }

  console.log(
    "| mutation | file | suite | result | seconds | noticed by |\n| --- | --- | --- | --- | ---: | --- |",
  );
  const killed = chosen.filter(tryOne).length;
  console.log(`\n${killed} of ${chosen.length} mutations were noticed.`);
  return killed === chosen.length ? 0 : 1;
}

/** Prints the mutation's row of the table; returns whether a test noticed it. */
function tryOne(mutation: Mutation): boolean {
  const start = performance.now();
  const mend = tree.apply(mutation);
  const outcome = runSuites(tree.folder, [mutation.suite]);
  mend();
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const suite = mutation.suite.split(" ")[1];
  const results = { failed: "killed", passed: "**SURVIVED**", broken: "**PROVES NOTHING**" };
  const by = outcome.result === "failed" ? outcome.test : outcome.result === "broken" ? outcome.why : "";
  console.log(
    `| ${mutation.name} | ${mutation.file} | ${suite} | ${results[outcome.result]} | ${seconds} | ${by} |`,
  );
  return outcome.result === "failed";
}
