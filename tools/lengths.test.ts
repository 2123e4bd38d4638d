import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

it("no size inside the element goes with the root's font size, which is the page's own", () => {
  const sheets = readdirSync("src/ui", { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  expect(sheets.length).toBeGreaterThan(50);
  const found = sheets.flatMap((file) =>
    readFileSync(`src/ui/${file}`, "utf8")
      .split("\n")
      .flatMap((line, i) => (/\d(rem|rex|rch|rlh)\b/.test(line) ? [`${file}:${i + 1} ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});
