import { randomUUID } from "node:crypto";
import type { Plugin } from "vite";

/**
 * What the built page may do, and nothing else. docs/decisions/checkpoints.md says why connect-src is as wide as it is.
 * The element's styles are adopted style sheets, which no policy has to allow.
 */
export const policy: Readonly<Record<string, string>> = {
  "default-src": "'none'",
  "script-src": "'self' 'wasm-unsafe-eval'", // the weights of a seed are made with vector instructions
  "worker-src": "'self' blob:", // in workers, whose code lies in the script itself
  "style-src": "'self'",
  "img-src": "'self' blob:", // a chart on its way to becoming a PNG (src/ui/share/chart-file.ts)
  "connect-src": "'self' https: http://localhost:* http://127.0.0.1:*", // any host, once somebody agreed to it
  "manifest-src": "'self'", // what the page is called once it is installed
  "base-uri": "'none'",
  "form-action": "'none'",
  "require-trusted-types-for": "'script'",
  "trusted-types": "lit-html default", // Lit's own templates, and the workers of src/page/page-setup.ts
};

/**
 * The same for the page of `npm start`, with what reloading it needs and nothing else: Vite's own style sheets, which carry
 * `nonce`, and its connection to the server. A style attribute is refused there too.
 */
const policyOfStart = (nonce: string): Readonly<Record<string, string>> => ({
  ...policy,
  "style-src": `${policy["style-src"]} 'nonce-${nonce}'`,
  "connect-src": `${policy["connect-src"]} ws://localhost:* ws://127.0.0.1:*`,
});

/** Writes the policy into the page, as it is built and as `npm start` serves it. */
export function contentSecurityPolicy(): Plugin {
  const nonce = randomUUID();
  let isBuilt = true;
  return {
    name: "content-security-policy",
    config(_, { command }) {
      isBuilt = command === "build";
      return isBuilt ? {} : { html: { cspNonce: nonce } };
    },
    transformIndexHtml(html, { path }) {
      if (path !== "/index.html") return html; // `npm start` serves the benchmark too
      const content = Object.entries(isBuilt ? policy : policyOfStart(nonce))
        .map(([directive, sources]) => `${directive} ${sources}`)
        .join("; ");
      const charset = '<meta charset="utf-8" />'; // has to stay within the first kilobyte
      if (!html.includes(charset)) throw new Error(`index.html has no ${charset} to put the policy behind.`);
      const meta = `<meta http-equiv="Content-Security-Policy" content="${content}" />`;
      return html.replace(charset, `${charset}\n    ${meta}`);
    },
  };
}
