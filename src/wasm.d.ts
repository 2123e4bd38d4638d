/** AssemblyScript, compiled by tools/assembly/plugin.ts for the features that are named. */
declare module "*?wasm" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
declare module "*?wasm=relaxed" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
declare module "*?wasm=shared" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
declare module "*?wasm=relaxed,shared" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
