// What the tests of every browser ask a page. These functions run in the page: they see nothing of what stands around them here.

/** How far the page can be scrolled sideways, in pixels: 0 on a page that fits. */
export function sideways(): number {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

/** How wide the fonts of this machine draw a line, in pixels: letters of other shapes make every picture another. */
export function fontWidths(): { sans: number; mono: number } {
  const context = document.createElement("canvas").getContext("2d")!;
  const width = (font: string) => {
    context.font = `32px ${font}`;
    return Math.round(context.measureText("The quick brown fox 0123456789 ·⏎").width);
  };
  return { sans: width("system-ui"), mono: width("ui-monospace, monospace") };
}

/** Texts whose letters are cut, above or below, by a box that hides what does not fit, each with its element's name. */
export function cutLetters(): string[] {
  const context = document.createElement("canvas").getContext("2d")!;
  const cut: string[] = [];
  const visit = (root: ParentNode) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) visit(element.shadowRoot);
      const text = [...element.childNodes].map((node) =>
        node.nodeType === Node.TEXT_NODE ? node.nodeValue! : "",
      );
      const { overflowY, writingMode, font } = getComputedStyle(element);
      const size = writingMode.startsWith("vertical") ? element.clientWidth : element.clientHeight;
      if (!/hidden|clip/.test(overflowY) || size <= 1 || !text.join("").trim()) continue;
      context.font = font;
      const { fontBoundingBoxAscent, fontBoundingBoxDescent } = context.measureText("x");
      if (size + 0.5 < fontBoundingBoxAscent + fontBoundingBoxDescent)
        cut.push(`${element.localName}.${element.className} ${text.join("").trim()}: ${size}`);
    }
  };
  visit(document);
  return cut;
}

/** Fields whose largest number does not fit into them, each with its name. */
export function cutNumbers(): string[] {
  const cut: string[] = [];
  const visit = (root: ParentNode) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) visit(element.shadowRoot);
      if (!(element instanceof HTMLInputElement) || element.type !== "number" || !element.clientWidth)
        continue;
      const { value } = element;
      element.value = element.max;
      if (element.scrollWidth > element.clientWidth)
        cut.push(`${element.ariaLabel ?? element.id}: ${element.max}`);
      element.value = value;
    }
  };
  visit(document);
  return cut;
}

/**
 * The elements that can be seen and whose text begins so.
 * @param path selectors of CSS, each below what the one before it means, in whatever shadow tree
 * @param mayBeHidden whether those that cannot be seen are meant, too
 */
export function findAll(path: string[], text: string, mayBeHidden: boolean): Element[] {
  const below = (root: ParentNode, css: string): Element[] =>
    [...root.querySelectorAll("*")].flatMap((element) => [
      ...(element.matches(css) ? [element] : []),
      ...(element.shadowRoot ? below(element.shadowRoot, css) : []),
    ]);
  const inside = (root: ParentNode, css: string) => [
    ...below(root, css),
    ...(root instanceof Element && root.shadowRoot ? below(root.shadowRoot, css) : []),
  ];
  let found: ParentNode[] = [document];
  for (const css of path) found = found.flatMap((root) => inside(root, css));
  return (found as Element[]).filter(
    (element) => (mayBeHidden || element.checkVisibility()) && element.textContent.trim().startsWith(text),
  );
}

/** What the live regions say that are on the page now. */
export function announced(): string[] {
  const said: string[] = [];
  const visit = (root: ParentNode) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) visit(element.shadowRoot);
      if (element.role === "status" && element.checkVisibility()) said.push(element.textContent!.trim());
    }
  };
  visit(document);
  return said;
}

/**
 * Before the page runs: the software adapter does not offer the processor, since how much faster that is, is measured, and comes
 * when it is. processor.spec.ts looks at the offer.
 */
export function withoutOffer(): void {
  if (navigator.gpu) WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError("left out"));
}
