/** What a page is made of, and no sentence that stands in for the element. */
const PARTS_OF_A_PAGE =
  "h1, h2, h3, h4, h5, h6, hr, section, article, aside, nav, main, header, footer, form, script, style, link";
const BLOCKS = "p, div, ul, ol, dl, pre, blockquote, table, figure, details";

/**
 * Whether an element's content is the rest of the page and not what stands in for it. `<next-token />` is an open tag in
 * HTML: what follows becomes its content, up to where its parent ends. The slash leaves no trace; what tells is that
 * nothing follows the element, and what is in it. To be asked when the parser is done with it.
 */
export function swallowsPage(element: Element): boolean {
  const { nextSibling, lastChild } = element;
  if (element.querySelector(element.localName)) return true;
  if (nextSibling instanceof Text) return false; // its end tag was there; scripts put elements behind it
  const parts = [...element.children];
  if (parts.some((part) => part.matches(PARTS_OF_A_PAGE))) return true;
  if (nextSibling !== null || element.textContent.trim() === "") return false;
  if (element.parentElement?.closest(element.localName)) return true; // who closes one like that closes all
  const endsWithItsParent = lastChild instanceof Text && lastChild.data.trim() === "";
  return endsWithItsParent && parts.filter((part) => part.matches(BLOCKS)).length > 1;
}
