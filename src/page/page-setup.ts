// What our own page does before its elements start. Other people's pages have their own addresses and policies.

import { takeModelQuery } from "./model-query.ts";
import { serviceWorkerAddress } from "./offline/keep-page.ts";

/** `?model=gpt2` chooses a model as the menu would: nothing is loaded by it. */
const asked = takeModelQuery(location.href);
if (asked) {
  document.querySelector("next-token")?.setAttribute("model", asked.model);
  const isSandboxed = globalThis.origin === "null"; // such a frame may change nothing before the "#"
  if (!isSandboxed) history.replaceState(history.state, "", asked.address);
}

/**
 * The page's policy (tools/csp.ts) lets no string become code. Only the workers that make a seed's weights are started
 * from one: the address of a blob, which nobody but this page's own scripts can have made. The worker that keeps the page
 * is a file beside it, and so is all code on the page of `npm start`.
 */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string | null }): unknown;
}
const ownBlobs = `blob:${globalThis.origin}/`; // blob:null/ in a sandboxed frame
const isOwn = (url: string) =>
  url.startsWith(ownBlobs) ||
  url === serviceWorkerAddress() ||
  (import.meta.env.DEV && new URL(url, location.href).origin === location.origin);
const trustedTypes = Reflect.get(globalThis, "trustedTypes") as TrustedTypes | undefined;
trustedTypes?.createPolicy("default", {
  createScriptURL: (url) => (isOwn(url) ? url : null),
});
