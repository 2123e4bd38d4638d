/** The pages of our own site, told apart by the address behind "#". Everything else there is the state of the loop's page. */
export type Route = "loop" | "notebook";

/** @param hash `location.hash`, with its "#" or without */
export function routeOf(hash: string): Route {
  return /^#?notebook(\/\w*)?$/i.test(hash) ? "notebook" : "loop";
}

/** The cell of the notebook that "#notebook/generated" names. */
export const cellIn = (hash: string): string | undefined => /^#?notebook\/(\w+)$/i.exec(hash)?.[1];
