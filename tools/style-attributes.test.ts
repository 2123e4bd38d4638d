import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { styleAttributesIn } from "./style-attributes.ts";

it("nothing of the page writes a style attribute, which its policy would refuse", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => `src/${file}`);
  expect(sources.length).toBeGreaterThan(100);
  const found = [...sources, "index.html"].flatMap((file) =>
    styleAttributesIn(readFileSync(file, "utf8")).map((line) => `${file}:${line}`),
  );
  expect(found).toEqual([]);
});

it.each([
  'html`<span style="opacity: 1"></span>`',
  "  style=$" + "{styles}",
  "  .style=$" + "{text}",
  "html`<p style='color: red'>`",
  'copy.setAttribute("style", text)',
  'copy.setAttributeNS(null, "style", text)',
  'copy.setAttribute(\n  "style",\n  text)',
  "import { styleMap } from",
  "html`<style>p {}</style>`",
])("notices %j", (code) => {
  expect(styleAttributesIn(`const a = 1;\n${code}`)).toEqual([2]);
});

it.each([
  "element.style.left = x;",
  "const style = x;",
  'removeAttribute("style")',
  'setAttribute("class", "style")',
  "// a style=x",
  "static override styles = [",
])("lets %j pass", (code) => expect(styleAttributesIn(code)).toEqual([]));
