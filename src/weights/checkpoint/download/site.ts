const HUB = "https://huggingface.co";

/** Whose address it is: this page's own site, the hub, or somebody else's. */
export function siteOf(url: string): "own" | "hub" | "foreign" {
  const { origin } = new URL(url);
  // A sandboxed frame has the origin "null", and no site of its own.
  if (origin === globalThis.origin) return "own";
  return origin === HUB ? "hub" : "foreign";
}

export const isLoopback = ({ hostname }: URL): boolean =>
  ["localhost", "127.0.0.1", "[::1]"].includes(hostname) || hostname.endsWith(".localhost");

/** An address as a sentence may show it: without what signs it, and no longer than it can be read. */
export function shown(url: string): string {
  const { origin, pathname } = new URL(url);
  const address = `${origin}${pathname}`;
  return address.length > 120 ? `${address.slice(0, 119)}…` : address;
}
