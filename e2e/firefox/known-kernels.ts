/**
 * Makes the visitor one who was here before, and whose kernels were chosen well: variants that every adapter can run. A first visit
 * measures them, which in Firefox comes out by chance: a token of the notebook's model then takes from 0.2 s to half a minute.
 * file.test.ts is a first visit, with a model for which it does not matter. Runs in the page, before its scripts.
 */
export function knowKernels(): void {
  const { getItem } = Storage.prototype;
  const one = "matmulRegister";
  const kept = JSON.stringify({ one, few: one, many: one, attention: "workgroup" });
  Storage.prototype.getItem = function (key) {
    return key.startsWith("next-token variants ") ? kept : getItem.call(this, key);
  };
}
