/**
 * First visits in Firefox, each with a profile of its own: the kernels that are chosen have to be those that Chromium chooses
 * on the same adapter without subgroups, and the wait for the model and for a token short.
 *
 *     npm run build && npx tsx tools/firefox-choice.ts          20 visits
 *     npm run build && npx tsx tools/firefox-choice.ts 3
 *
 * Prints a line a visit, and fails where one is not right. The machine has to have nothing else to do.
 */
import { preview } from "vite";
import { findFirefox, gpuEnvironment, whatIsMissing } from "./firefox.ts";
import { faultsOf, type Visit, visitWithChromium, visitWithFirefox } from "./firefox-choice/visit.ts";

const visits = Number(process.argv[2] ?? 20);
const firefox = findFirefox();
const missing = whatIsMissing(firefox);
if (missing) throw new Error(missing);

const line = ({ choice, readyMs, tokenMs }: Visit) =>
  `${Object.entries(choice)
    .map(([what, variant]) => `${what} ${variant}`)
    .join(", ")}; ready after ${(readyMs / 1000).toFixed(1)} s, ${Math.round(tokenMs)} ms a token`;

const server = await preview({ logLevel: "warn", preview: { port: 0 } });
try {
  const address = server.resolvedUrls!.local[0]!;
  const expected = await visitWithChromium(address);
  console.log(`Chromium without subgroups: ${line(expected)}`);
  let wrong = 0;
  for (let i = 1; i <= visits; i++) {
    const visit = await visitWithFirefox(firefox!, gpuEnvironment()!, address);
    const faults = faultsOf(visit, expected.choice);
    if (faults.length > 0) wrong++;
    console.log(`${i}: ${line(visit)}${faults.length > 0 ? `  WRONG: ${faults.join(", ")}` : ""}`);
  }
  console.log(`${visits - wrong} of ${visits} visits were right.`);
  if (wrong > 0) process.exitCode = 1;
} finally {
  await server.close();
}
