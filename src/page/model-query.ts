import { routeOf } from "./route.ts";

/** Whether a link says which model it is about. */
export const namesModel = (hash: string): boolean => new URLSearchParams(hash.replace(/^#/, "")).has("model");

/**
 * What `?model=gpt2` in the page's address asks for, and the address to go on with: the model moves behind the "#",
 * where the page keeps all that it shows, so that one chosen later takes its place. One that stands there already wins,
 * and the notebook's page, whose address holds nothing else, goes without. A frame's address stays as it is.
 */
export function takeModelQuery(href: string): { model: string; address: string } | undefined {
  const address = new URL(href);
  const model = address.searchParams.get("model");
  if (model === null || address.searchParams.get("embed") === "1") return undefined;
  address.searchParams.delete("model");
  const { hash } = address;
  if (routeOf(hash) === "loop" && !namesModel(hash)) {
    const others = hash.replace(/^#(loop$)?/, "");
    address.hash = `${new URLSearchParams({ model })}${others && `&${others}`}`;
  }
  return { model, address: address.href };
}
