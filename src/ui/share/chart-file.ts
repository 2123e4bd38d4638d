/** What of an element's style is part of the picture and goes down to what is inside it. */
const inherited = [
  "color",
  "dominant-baseline",
  "fill",
  "fill-opacity",
  "font-family",
  "font-size",
  "font-style",
  "font-variant-numeric",
  "font-weight",
  "letter-spacing",
  "paint-order",
  "shape-rendering",
  "stroke",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "stroke-opacity",
  "stroke-width",
  "text-anchor",
  "visibility",
];
/** What does not, and means something only where it is not this. */
const initial: Readonly<Record<string, string>> = {
  display: "inline",
  opacity: "1",
  "text-decoration-line": "none",
  transform: "none",
};
/** SVG has an attribute for each, by the same name but for these. */
const renamed: Readonly<Record<string, string>> = {
  "font-variant-numeric": "font-variant",
  "text-decoration-line": "text-decoration",
};

const namespace = "http://www.w3.org/2000/svg";
/** Not part of a picture: what runs, what is not SVG, and the page's own styles, which are written out. */
const left = "script, style, foreignObject, animate, animateMotion, animateTransform, set";
/** A paint that would be fetched; one inside the chart begins with "#". */
const elsewhere = /url\(["']?[^"'#]/;
/** Characters that XML has no way to write. */
const notXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/**
 * An `<svg>` of the page as a file of its own: its size, its colours and fonts as they are on the page now, and the
 * page's background behind it. Nothing in it runs or is fetched.
 */
export function chartSvg(chart: SVGSVGElement): string {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  writeStyles(chart, copy);
  const { width, height } = chart.getBoundingClientRect();
  if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("xmlns", namespace);
  for (const element of copy.querySelectorAll(left)) element.remove();
  for (const element of [copy, ...copy.querySelectorAll("*")]) clean(element);
  copy.prepend(background(chart, copy.viewBox.baseVal));
  return `${new XMLSerializer().serializeToString(copy).replaceAll(notXml, "\uFFFD")}\n`;
}

/** The same as pixels, `scale` of them for each of the page's. */
export async function chartPng(chart: SVGSVGElement, scale = 2): Promise<Blob> {
  const { width, height } = chart.getBoundingClientRect();
  const url = URL.createObjectURL(new Blob([chartSvg(chart)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: "image/png" });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * Gives `copy` and all in it the style that `original` has on the page, as far as it does not come from above. Written as
 * SVG's attributes: a `style` is refused by the policy of our own page (tools/csp.ts), and of others that show the file.
 */
function writeStyles(original: Element, copy: Element, above?: CSSStyleDeclaration): void {
  const computed = getComputedStyle(original);
  copy.removeAttribute("style");
  for (const name of [...inherited, ...Object.keys(initial)]) {
    const value = computed.getPropertyValue(name);
    const attribute = renamed[name] ?? name;
    if (value === (initial[name] ?? above?.getPropertyValue(name))) copy.removeAttribute(attribute);
    else if (!elsewhere.test(value)) copy.setAttribute(attribute, value);
  }
  for (const [i, child] of [...original.children].entries()) writeStyles(child, copy.children[i]!, computed);
}

/** Takes away what would run or be fetched, and what only means something on the page. */
function clean(element: Element): void {
  for (const { name, value } of [...element.attributes]) {
    const isLink = name === "href" || name === "xlink:href";
    const isFetched = (isLink && !value.startsWith("#")) || elsewhere.test(value);
    if (name.startsWith("on") || name === "class" || isFetched) element.removeAttribute(name);
  }
}

/** A sheet of the colour behind the chart: light text would not be seen on white paper. */
function background(chart: Element, { x, y, width, height }: DOMRect): SVGRectElement {
  const sheet = document.createElementNS(namespace, "rect");
  const attributes = { x, y, width, height, fill: colourBehind(chart) };
  for (const [name, value] of Object.entries(attributes)) sheet.setAttribute(name, String(value));
  return sheet;
}

function colourBehind(element: Element): string {
  for (let at: Element | undefined = element; at; at = parentOf(at)) {
    const { backgroundColor } = getComputedStyle(at);
    if (!/^(transparent|rgba\(.*, 0\))$/.test(backgroundColor)) return backgroundColor;
  }
  return "white";
}

/** The parent as it is drawn: of what stands at the top of a shadow tree, the host. */
function parentOf(element: Element): Element | undefined {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : undefined);
}
