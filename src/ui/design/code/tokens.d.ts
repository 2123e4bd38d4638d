/** A file of code, highlighted when the page is built (tools/highlight). */
declare module "*?tokens" {
  const lines: import("./code-lines.ts").CodeLines;
  export default lines;
}
