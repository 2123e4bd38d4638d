/** The pages of our own site, told apart by the address behind "#". Everything else there is the state of the loop's page. */
export type Route = "loop" | "notebook";

/** @param hash `location.hash`, with its "#" or without */
export function routeOf(hash: string): Route {
  return /^#?notebook$/i.test(hash) ? "notebook" : "loop";
}
