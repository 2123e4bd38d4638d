/**
 * `--nt-em` as a length: `1em`, set on the public element, is computed there once and inherited as so many pixels, so
 * that every size inside goes with the element's own font size, whatever the root's is and however deep it stands. A
 * browser that cannot register it takes each size for the text that it stands in.
 */
export function registerEm(): void {
  try {
    CSS.registerProperty({ name: "--nt-em", syntax: "<length>", inherits: true, initialValue: "16px" });
  } catch {
    // A second copy of the script on this page finds it registered.
  }
}
