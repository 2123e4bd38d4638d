/** What writes a `style` attribute, or an inline style sheet, which the page's policy refuses (tools/csp.ts). */
const writers: readonly RegExp[] = [
  /[\s"'`.]style=/g, // in markup or a template; code has spaces around "="
  /\bsetAttribute\(\s*["'`]style["'`]/g,
  /\bsetAttributeNS\([^,]*,\s*["'`]style["'`]/g,
  /\bstyleMap\b/g, // Lit's writes an attribute when it first renders
  /<style[\s>]/g,
];

const comments = /^\s*(?:\/\/|\/?\*).*$/gm;

/** The lines of a source file that write one; src/ui/design/properties.ts says what to do instead. */
export function styleAttributesIn(source: string): number[] {
  const code = source.replace(comments, "");
  const found = writers.flatMap((writer) => [...code.matchAll(writer)]);
  return found.map(({ index }) => code.slice(0, index + 1).split("\n").length);
}
