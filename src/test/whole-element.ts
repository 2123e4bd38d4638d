import type { NextToken } from "../ui/next-token.ts";

/** What matches `selector` in `root` or in a shadow tree within it. */
export function find<E extends Element>(root: ParentNode, selector: string): E[] {
  const within = [...root.querySelectorAll("*")].flatMap(({ shadowRoot }) =>
    shadowRoot ? find<E>(shadowRoot, selector) : [],
  );
  return [...root.querySelectorAll<E>(selector), ...within];
}

/** A `<next-token>` on the page, with these attributes. */
export async function placed(attributes: Record<string, string> = {}): Promise<NextToken> {
  const element = document.createElement("next-token");
  for (const [name, value] of Object.entries({ prompt: "Hello, I am", ...attributes }))
    element.setAttribute(name, value);
  document.body.append(element);
  await element.updateComplete;
  return element;
}
