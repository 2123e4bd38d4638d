// What our own page does before its elements start. Other people's pages have their own addresses and policies.

/**
 * `?model=gpt2` chooses a model as the menu would: nothing is loaded by it. It moves behind the "#", where the page keeps
 * all that it shows, so that a model chosen later takes its place.
 */
const address = new URL(location.href);
const model = address.searchParams.get("model");
if (model !== null) {
  document.querySelector("next-token")?.setAttribute("model", model);
  if (["", "#loop"].includes(location.hash) && globalThis.origin !== "null") {
    address.searchParams.delete("model");
    address.hash = `${new URLSearchParams({ model })}`;
    history.replaceState(history.state, "", address);
  }
}

/**
 * The page's policy (tools/csp.ts) lets no string become code. Only the workers that make a seed's weights are started
 * from one: the address of a blob, which nobody but this page's own scripts can have made.
 */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string | null }): unknown;
}
const ownBlobs = `blob:${globalThis.origin}/`; // blob:null/ in a sandboxed frame
const trustedTypes = Reflect.get(globalThis, "trustedTypes") as TrustedTypes | undefined;
trustedTypes?.createPolicy("default", {
  createScriptURL: (url) => (url.startsWith(ownBlobs) ? url : null),
});

export {}; // a module of its own, though it takes and gives nothing
