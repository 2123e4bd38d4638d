import type { Page } from "@playwright/test";

/** What is wrong with how a page lies there, a line each; empty for a page that fits. */
export const layoutFaults = (page: Page, { isTallAllowed = false } = {}): Promise<string[]> =>
  page.evaluate(findFaults, isTallAllowed);

/**
 * Looks at all that is drawn, in every shadow tree:
 * - nothing scrolls the page sideways
 * - no figure is taller than three screens
 * - controls and texts of different elements do not lie over each other, but for what is in the top layer
 * - no number is broken in two lines
 * - no text stands over the frame around it, or over a box that does not scroll
 *
 * It runs in the page, so all that it needs is inside.
 */
function findFaults(isTallAllowed: boolean): string[] {
  interface Box {
    left: number;
    top: number;
    right: number;
    bottom: number;
  }
  interface Item extends Box {
    element: Element;
    name: string;
  }
  const faults = new Set<string>();
  const SLACK = 1.5; // pixels; letters lean out of their boxes, and boxes end between pixels
  const screen = { width: document.documentElement.clientWidth, height: innerHeight };

  const parentOf = (node: Node): Element | null => {
    const slot = node instanceof Element || node instanceof Text ? node.assignedSlot : null;
    const parent = slot ?? node.parentNode;
    return parent instanceof ShadowRoot ? parent.host : (parent as Element | null);
  };
  /** Asked once for each: nothing changes while this runs. */
  const kept = <K extends object, V>(find: (key: K) => V) => {
    const found = new Map<K, V>();
    return (key: K): V => {
      if (!found.has(key)) found.set(key, find(key));
      return found.get(key)!;
    };
  };
  const styleOf = kept((element: Element) => getComputedStyle(element));
  const boxOf = kept((element: Element) => element.getBoundingClientRect());
  const ancestors: (node: Node) => Element[] = kept((node: Node) => {
    const parent = parentOf(node);
    return parent instanceof Element ? [parent, ...ancestors(parent)] : [];
  });
  const nameOf = (element: Element): string => {
    const host = (element.getRootNode() as ShadowRoot).host?.localName;
    const className = element.getAttribute("class")?.trim().replaceAll(/\s+/g, ".");
    const own = `${element.localName}${className ? `.${className}` : ""}`;
    return host ? `${host} ${own}` : own;
  };
  const quoted = (text: string) => `“${text.trim().slice(0, 30)}”`;

  const elements: Element[] = [];
  const texts: Text[] = [];
  const walk = (root: ParentNode) => {
    for (const node of root.childNodes) {
      if (node instanceof Text) {
        if (node.data.trim() !== "") texts.push(node);
      } else if (node instanceof Element) {
        const isDrawn = node.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
        const isContents = styleOf(node).display === "contents";
        if (!isDrawn && !isContents) continue;
        elements.push(node);
        if (node.shadowRoot) walk(node.shadowRoot);
        walk(node); // of a host: what is slotted, and only that is drawn
      }
    }
  };
  walk(document.body);

  // What lies in the top layer (dialogs, tips) lies over the rest, and is looked at alone.
  const layerOf = (node: Node): Element | undefined =>
    [...(node instanceof Element ? [node] : []), ...ancestors(node)].find((element) =>
      element.matches("dialog:modal, :popover-open"),
    );
  const isForTheEarAlone = (node: Node): boolean =>
    [...(node instanceof Element ? [node] : []), ...ancestors(node)].some(
      (element) => styleOf(element).clipPath === "inset(50%)",
    );
  /** What is left of a box after all that cuts around `node`; undefined if nothing. */
  const visiblePart = (node: Node, box: Box): Box | undefined => {
    const part = { left: box.left, top: box.top, right: box.right, bottom: box.bottom };
    for (const element of ancestors(node)) {
      if (element === document.body || element === document.documentElement) break;
      const { overflowX, overflowY } = styleOf(element);
      const clip = boxOf(element);
      if (overflowX !== "visible") {
        part.left = Math.max(part.left, clip.left);
        part.right = Math.min(part.right, clip.right);
      }
      if (overflowY !== "visible") {
        part.top = Math.max(part.top, clip.top);
        part.bottom = Math.min(part.bottom, clip.bottom);
      }
      if (element.matches("dialog:modal, :popover-open")) break;
    }
    return part.right - part.left > SLACK && part.bottom - part.top > SLACK ? part : undefined;
  };

  const contains = (outer: Element, inner: Element) => outer === inner || ancestors(inner).includes(outer);
  const drawsItself = "svg, svg *, select, option, input, progress, canvas";

  // Sideways
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    const widest = elements
      .filter((element) => visiblePart(element, boxOf(element)) && !layerOf(element))
      .filter((element) => (visiblePart(element, boxOf(element))?.right ?? 0) > clientWidth + 0.5);
    faults.add(`sideways by ${scrollWidth - clientWidth}: ${widest.slice(-3).map(nameOf).join(", ")}`);
  }

  // Too tall
  const figures =
    "svg, canvas, img, table, pre, ol, ul, dl, textarea, button, [role=grid], [role=radiogroup], dialog, p";
  for (const element of elements) {
    if (isTallAllowed || !element.matches(figures)) continue;
    const { height } = boxOf(element);
    const part = visiblePart(element, boxOf(element));
    const seen = part ? part.bottom - part.top : 0;
    if (seen > 3 * screen.height)
      faults.add(`${Math.round(height / screen.height)} screens tall: ${nameOf(element)}`);
  }

  // Where texts and controls are. A line's box is higher than its letters: only their middle is theirs.
  const items: Item[] = [];
  const numbers = /(?<![^\s([“"])[-−+~]?\d[\d.,]*(?:e[-+]?\d+)?(?![^\s)\]”",;:.%])/g;
  const inText = "code, pre, .chip-text, bdi, [role=status], textarea";
  for (const text of texts) {
    const element = parentOf(text);
    if (!element || isForTheEarAlone(text)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const rect of range.getClientRects()) {
      const letters = {
        ...toBox(rect),
        top: rect.top + 0.2 * rect.height,
        bottom: rect.bottom - 0.2 * rect.height,
      };
      const part = visiblePart(text, letters);
      if (!part) continue;
      items.push({ ...part, element, name: `${quoted(text.data)} in ${nameOf(element)}` });
      overFrame(text, element, part);
    }
    if (element.closest(inText)) continue;
    for (const { 0: number, index } of text.data.matchAll(numbers)) {
      range.setStart(text, index);
      range.setEnd(text, index + number.length);
      const lines = new Set(
        [...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)),
      );
      if (lines.size > 1) faults.add(`number in ${lines.size} lines: ${number} in ${nameOf(element)}`);
    }
  }
  const controls = "button, input, select, textarea, summary, a[href], progress, canvas, [role=img]";
  for (const element of elements) {
    if (!element.matches(controls) || isForTheEarAlone(element)) continue;
    const part = visiblePart(element, boxOf(element));
    if (part) items.push({ ...part, element, name: nameOf(element) });
  }

  function toBox({ left, top, right, bottom }: DOMRect): Box {
    return { left, top, right, bottom };
  }

  /** The nearest frame or coloured box around a text is as large as the text. */
  function overFrame(text: Text, element: Element, part: Box) {
    for (const around of [element, ...ancestors(element)]) {
      const style = styleOf(around);
      if (style.display === "inline" || style.display === "contents") continue;
      const hasFrame =
        (style.borderLeftStyle !== "none" &&
          Number.parseFloat(style.borderLeftWidth) > 0 &&
          style.borderRightStyle !== "none" &&
          Number.parseFloat(style.borderRightWidth) > 0) ||
        (style.backgroundColor !== "rgba(0, 0, 0, 0)" && around !== document.documentElement);
      const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY);
      if (!hasFrame && !scrolls) continue;
      const frame = boxOf(around);
      const over = Math.max(
        frame.left - part.left,
        part.right - frame.right,
        frame.top - part.top,
        part.bottom - frame.bottom,
      );
      if (over > SLACK)
        faults.add(`over its frame by ${Math.round(over)}: ${quoted(text.data)} of ${nameOf(around)}`);
      return;
    }
  }

  // Boxes that hold more than they show, and do not scroll. A text that ends in "…" says that it is cut.
  const overfull = elements.filter((element) => {
    const { overflowX, textOverflow, display } = styleOf(element);
    const isBox = display !== "inline" && display !== "contents" && element.clientWidth > 0;
    const isFree =
      /auto|scroll/.test(overflowX) || textOverflow === "ellipsis" || element.matches(drawsItself);
    if (!isBox || isFree || isForTheEarAlone(element)) return false;
    return element.scrollWidth > element.clientWidth + SLACK;
  });
  for (const element of overfull) {
    if (overfull.some((inner) => inner !== element && contains(element, inner))) continue; // it is the inner one's fault
    faults.add(`holds ${element.scrollWidth} of ${element.clientWidth} pixels: ${nameOf(element)}`);
  }

  // Over each other
  const layers = new Map(items.map((item) => [item, layerOf(item.element)]));
  items.sort((a, b) => a.top - b.top);
  for (const [i, a] of items.entries()) {
    for (let j = i + 1; j < items.length && items[j]!.top < a.bottom - SLACK; j++) {
      const b = items[j]!;
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (width <= SLACK || height <= SLACK || layers.get(a) !== layers.get(b)) continue;
      if (contains(a.element, b.element) || contains(b.element, a.element)) continue;
      faults.add(`${a.name} over ${b.name}`);
    }
  }
  return [...faults];
}
