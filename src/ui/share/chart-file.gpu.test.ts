import { afterEach, describe, expect, it } from "vitest";
import { chartPng, chartSvg } from "./chart-file.ts";

// In a browser, because only there is a style computed and a picture drawn.

const host = document.createElement("div");
document.body.append(host);
afterEach(() => host.shadowRoot!.replaceChildren());
host.attachShadow({ mode: "open" });
host.style.cssText = "background: rgb(10, 20, 30); --bar: rgb(200, 100, 50); color-scheme: dark";

/** A chart in a shadow tree, as the page's are: styled by rules, with a variable from outside. */
function chart(inside: string): SVGSVGElement {
  const styles =
    "svg { width: 40px; height: 20px } .bar { fill: var(--bar) } text { font: italic 7px serif; font-variant-numeric: tabular-nums; fill: light-dark(red, lime) } text.plain { fill: inherit }";
  const markup = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40">${inside}</svg>`;
  const style = document.createElement("style");
  style.textContent = styles;
  const svg = document.importNode(
    new DOMParser().parseFromString(markup, "image/svg+xml").documentElement,
    true,
  );
  host.shadowRoot!.append(style, svg);
  return svg as unknown as SVGSVGElement;
}

function parsed(file: string): SVGSVGElement {
  const { documentElement } = new DOMParser().parseFromString(file, "image/svg+xml");
  expect(documentElement.nodeName).toBe("svg"); // and not a parser error
  return documentElement as unknown as SVGSVGElement;
}

describe("the SVG file", () => {
  it("has the size, the colours and the fonts that the page gave it", () => {
    const svg = parsed(chartSvg(chart('<rect class="bar" width="40" height="40"/><text y="9">·am</text>')));
    expect([svg.getAttribute("width"), svg.getAttribute("height")]).toEqual(["40", "20"]);
    expect(svg.getAttribute("viewBox")).toBe("0 0 80 40");
    const [sheet, bar] = svg.querySelectorAll("rect");
    expect(sheet!.getAttribute("fill")).toBe("rgb(10, 20, 30)");
    expect([sheet!.getAttribute("width"), sheet!.getAttribute("height")]).toEqual(["80", "40"]);
    expect(bar!.getAttribute("fill")).toBe("rgb(200, 100, 50)");
    const text = svg.querySelector("text")!;
    const given = ["fill", "font-size", "font-style", "font-family", "font-variant"];
    expect(given.map((name) => text.getAttribute(name))).toEqual([
      "rgb(0, 255, 0)",
      "7px",
      "italic",
      "serif",
      "tabular-nums",
    ]);
  });

  it("has no style attribute, which the page's policy refuses, and no attribute that a rule of the page overrode", () => {
    const file = chartSvg(
      chart(
        '<g opacity="0.5" transform="translate(3 4)" style="color: red"><text fill="red">x</text><text class="plain" fill="red">y</text></g>',
      ),
    );
    expect(file).not.toMatch(/\sstyle=/);
    const svg = parsed(file);
    const group = svg.querySelector("g")!;
    expect([group.getAttribute("opacity"), group.getAttribute("transform")]).toEqual([
      "0.5",
      "matrix(1, 0, 0, 1, 3, 4)",
    ]);
    const [, plain] = svg.querySelectorAll("text");
    expect(plain!.getAttribute("fill")).toBeNull();
  });

  it("is well-formed whatever a token's text is", () => {
    const svg = chart("<text>x</text>");
    svg.querySelector("text")!.textContent = `<&>"'\u0000\u000b\uFFFE]]>🙂`;
    const { textContent } = parsed(chartSvg(svg)).querySelector("text")!;
    expect(textContent).toBe(`<&>"'\uFFFD\uFFFD\uFFFD]]>🙂`);
  });

  it("holds nothing that runs or is fetched", () => {
    const file = chartSvg(
      chart(`<script>alert(1)</script><style>rect{fill:url(https://a.example/)}</style>
        <foreignObject><b xmlns="http://www.w3.org/1999/xhtml">x</b></foreignObject>
        <defs><path id="line" d="M0 0"/></defs><use href="#line" class="bar"/>
        <image href="https://a.example/x.png"/><a href="javascript:alert(1)"><text>t</text></a>
        <rect onclick="alert(1)" width="1" height="1"/><g fill="url(https://a.example/#x)"/>`),
    );
    expect(file).not.toMatch(/script|alert|foreignObject|a\.example|onclick|class=/);
    expect([...parsed(file).querySelector("path")!.attributes].map(({ name }) => name).sort()).toEqual([
      "d",
      "id",
    ]); // nothing but what comes from above
    expect(parsed(file).querySelector("use")!.getAttribute("href")).toBe("#line");
  });

  it("leaves the page's own chart as it is", () => {
    const svg = chart('<rect class="bar" width="1" height="1"/>');
    const before = svg.outerHTML;
    chartSvg(svg);
    expect(svg.outerHTML).toBe(before);
  });
});

it("the PNG has two pixels for each of the page's, in the same colours", async () => {
  const blob = await chartPng(chart('<rect class="bar" width="40" height="40"/>'));
  expect(blob.type).toBe("image/png");
  const image = await createImageBitmap(blob);
  expect([image.width, image.height]).toEqual([80, 40]);
  const context = new OffscreenCanvas(80, 40).getContext("2d")!;
  context.drawImage(image, 0, 0);
  expect([...context.getImageData(20, 20, 1, 1).data]).toEqual([200, 100, 50, 255]);
  expect([...context.getImageData(60, 20, 1, 1).data]).toEqual([10, 20, 30, 255]);
});
