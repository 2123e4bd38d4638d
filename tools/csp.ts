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
  "base-uri": "'none'",
  "form-action": "'none'",
  "require-trusted-types-for": "'script'",
  "trusted-types": "lit-html default", // Lit's own templates, and the workers of src/ui/page-setup.ts
};

/** Writes the policy into the built page. The page of `npm start` goes without: hot reloading would break every rule. */
export function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml(html) {
      const content = Object.entries(policy)
        .map(([directive, sources]) => `${directive} ${sources}`)
        .join("; ");
      const charset = '<meta charset="utf-8" />'; // has to stay within the first kilobyte
      if (!html.includes(charset)) throw new Error(`index.html has no ${charset} to put the policy behind.`);
      const meta = `<meta http-equiv="Content-Security-Policy" content="${content}" />`;
      return html.replace(charset, `${charset}\n    ${meta}`);
    },
  };
}
