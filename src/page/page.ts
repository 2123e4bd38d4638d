import "./page-setup.ts";
import "../ui/next-token.ts";
import { readEmbedQuery } from "./embed/embed-query.ts";
import { attributesOf, embedPage } from "./embed/embedded-page.ts";
import type { NotebookPage } from "./notebook/notebook-page.ts";
import { keepPage } from "./offline/keep-page.ts";
import { followLink, keepAddress } from "./page-link.ts";
import { cellIn, type Route, routeOf } from "./route.ts";

/** Our own page around the element: which of its two parts is shown is in the address. Other people's pages have no such thing. */
const titles: Record<Route, { title: string; heading: string }> = {
  loop: { title: "next-token", heading: "How a GPT chooses the next token" },
  notebook: { title: "The notebook · next-token", heading: "The notebook, computed in this browser" },
};

const main = document.querySelector("main")!;
const heading = main.querySelector("h1")!;
const loop = main.querySelector("next-token")!;
const links = [...main.querySelectorAll<HTMLAnchorElement>("nav a")];

/** Says that the notebook's code did not come. */
const failure = document.createElement("p");
failure.setAttribute("role", "alert");
failure.textContent = "The notebook's page could not be loaded. Check the connection and reload the page.";

/** The notebook's page, whose code comes when it is first opened; it stays, and keeps what it has computed. */
let notebook: Promise<NotebookPage> | undefined;

async function openNotebook(): Promise<NotebookPage> {
  await import("./notebook/notebook-page.ts");
  const element = document.createElement("next-token-notebook");
  main.append(element);
  return element;
}

async function show(): Promise<void> {
  const route = routeOf(location.hash);
  if (route === "notebook") {
    notebook ??= openNotebook();
    loop.pause();
  }
  failure.remove();
  document.title = titles[route].title;
  heading.textContent = titles[route].heading;
  loop.hidden = route !== "loop";
  for (const link of links) {
    if (routeOf(link.hash) === route) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  try {
    const element = await notebook;
    if (element) element.hidden = routeOf(location.hash) !== "notebook";
    const cell = cellIn(location.hash);
    if (cell) await element?.showCell(cell);
  } catch {
    notebook = undefined;
    if (routeOf(location.hash) === "notebook") main.append(failure);
  }
}

function arrive(): void {
  if (routeOf(location.hash) === "loop" && location.hash !== "#loop") followLink(loop, location.hash);
  void show();
}

loop.followsLinks = true;
addEventListener("hashchange", arrive);
const embed = readEmbedQuery(location.search, attributesOf(loop));
if (embed) embedPage(loop, embed);
else keepAddress(loop); // a frame's address is its page's to choose
arrive();
if (!import.meta.env.DEV) keepPage();
