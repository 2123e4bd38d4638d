import type { Plugin } from "vite";

/** As wide and as tall as a frame begins; what it then needs it tells by itself. */
const WIDTH = 960;
const HEIGHT = 800;

/** What oembed.com calls a "rich" answer: how to put the page at `site` into another one. */
export const oembedOf = (site: string) => ({
  version: "1.0",
  type: "rich",
  title: "next-token: how a GPT chooses the next token",
  provider_name: "next-token",
  provider_url: site,
  width: WIDTH,
  height: HEIGHT,
  html: `<iframe src="${site}?embed=1" title="How a GPT chooses the next token" width="${WIDTH}" height="${HEIGHT}" allow="clipboard-write"></iframe>`,
});

/** The address in `text`, ending in a slash. @throws for what is no https address of a folder */
export function siteOf(text: string): string {
  const { protocol, username, search, hash, href } = new URL(text);
  if (protocol !== "https:" || username || search || hash || /["<>]/.test(href))
    throw new Error(`SITE_URL has to be the https address of the site's folder, not ${text}.`);
  return href.endsWith("/") ? href : `${href}/`;
}

/**
 * Writes oembed.json, which sites that take an address and show a frame ask for, and says in the page where it is. It holds
 * whole addresses, so it is only there where the build is told its own: SITE_URL=https://… npm run build
 */
export function oembed(): Plugin {
  const site = process.env.SITE_URL && siteOf(process.env.SITE_URL);
  return {
    name: "oembed",
    apply: "build",
    generateBundle() {
      if (site)
        this.emitFile({ type: "asset", fileName: "oembed.json", source: JSON.stringify(oembedOf(site)) });
    },
    transformIndexHtml: () =>
      site
        ? [
            {
              tag: "link",
              attrs: { rel: "alternate", type: "application/json+oembed", href: `${site}oembed.json` },
              injectTo: "head",
            },
          ]
        : [],
  };
}
