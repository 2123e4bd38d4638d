import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FakeBackend } from "../../test/fake-backend.ts";
import "../next-token.ts";
import type { NextToken } from "../next-token.ts";

// In a browser: a page whose texts a translator has taken hold of has to say what one says that nobody has touched.

vi.mock("../models/gpt-backend.ts", async () => {
  const { FakeBackend } = await import("../../test/fake-backend.ts");
  class Likely extends FakeBackend {
    override async *generate(...[model, idx, options]: Parameters<FakeBackend["generate"]>) {
      for await (const step of super.generate(model, idx, options)) {
        const top = step.ids.map((id) =>
          [id, 65, 66].map((id, i) => ({ id, logit: 3 - i, probability: 0.5 / (i + 1) })),
        );
        yield { ...step, top };
      }
    }
  }
  return { gptBackend: new Likely() };
});

let element: NextToken;
let twin: NextToken;

beforeEach(async () => {
  vi.spyOn(performance, "now").mockReturnValue(0); // so that both take the same time
  [element, twin] = [await open(), await open()];
});
afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

async function open(): Promise<NextToken> {
  const opened = document.createElement("next-token");
  opened.prompt = "Hello";
  document.body.append(opened);
  await opened.updateComplete;
  find(opened, ".ask")[0]!.dispatchEvent(new FocusEvent("focusin")); // loads the tokenizer
  for (const details of find<HTMLDetailsElement>(opened, "details")) details.open = true;
  await at(() => texts(opened).includes("|101|")); // the id of its "e"
  return opened;
}

const at = (done: () => unknown) => vi.waitFor(() => expect(done()).toBeTruthy(), 3000);

/** The element's shadow root, and those within it. */
function roots(host: Element): ShadowRoot[] {
  const root = host.shadowRoot;
  return root ? [root, ...[...root.querySelectorAll("*")].flatMap(roots)] : [];
}
const find = <E extends Element>(host: Element, selector: string): E[] =>
  roots(host).flatMap((root) => [...root.querySelectorAll<E>(selector)]);

function textNodes(host: Element): Text[] {
  return roots(host).flatMap((root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found: Text[] = [];
    while (walker.nextNode()) found.push(walker.currentNode as Text);
    return found.filter(({ parentElement }) => !parentElement?.closest("style"));
  });
}

/** All that is said, without what marks it as translated. */
const texts = (host: Element): string =>
  textNodes(host)
    .map(({ data }) => data)
    .join("|")
    .replace(/[«»]/g, "")
    .replace(/[\s|]+/g, "|")
    .replace(/^\||\|$/g, "");

const font = (...children: (Node | string)[]) => {
  const [inner, outer] = [document.createElement("font"), document.createElement("font")];
  inner.append(...children);
  outer.append(inner);
  return outer;
};
const marked = ({ data }: Text) => (data.trim() === "" ? data : `«${data}»`);

const translators: Record<string, (host: Element) => void> = {
  "moves each text into <font><font>": (host) => {
    for (const text of textNodes(host)) {
      const { parentNode, nextSibling } = text;
      parentNode!.insertBefore(font(text), nextSibling);
    }
  },
  "puts <font><font> before each text and moves it there": (host) => {
    for (const text of textNodes(host)) {
      const into = font();
      text.before(into);
      into.firstChild!.appendChild(text);
    }
  },
  "puts <font><font> in place of each text": (host) => {
    for (const text of textNodes(host)) text.replaceWith(font(marked(text)));
  },
  "puts an empty <font> in place of each text and fills it": (host) => {
    for (const text of textNodes(host)) {
      const into = document.createElement("font");
      text.replaceWith(into);
      into.textContent = marked(text);
    }
  },
  "puts another text in place of each": (host) => {
    for (const text of textNodes(host)) text.replaceWith(marked(text));
  },
  "writes into the texts": (host) => {
    for (const text of textNodes(host)) text.data = marked(text);
  },
  "takes everything out of each element that has text, and puts back elements and texts": (host) => {
    for (const parent of new Set(textNodes(host).map(({ parentNode }) => parentNode!))) {
      const nodes = [...parent.childNodes];
      for (const node of nodes) parent.removeChild(node);
      const kept = nodes.filter(
        (node) => node instanceof Element || (node instanceof Text && node.data.trim() !== ""),
      );
      for (const node of kept) parent.appendChild(node);
      for (const node of kept) if (node instanceof Text) node.data = marked(node);
    }
  },
  "takes white space and comments away": (host) => {
    for (const text of textNodes(host)) if (text.data.trim() === "") text.remove();
    for (const root of roots(host)) {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
      const comments: Comment[] = [];
      while (walker.nextNode()) comments.push(walker.currentNode as Comment);
      for (const comment of comments) comment.remove();
    }
  },
};

const press = (host: NextToken, name: string) =>
  find<HTMLButtonElement>(host, "button")
    .find(({ innerText }) => innerText.replace(/[«»]/g, "").trim().startsWith(name))!
    .click();

/** Everything that is done to the element in turn. */
const deeds: Record<string, (host: NextToken) => unknown> = {
  "two tokens": async (host) => {
    await host.step();
    await host.step();
  },
  "back by two stations": (host) => {
    press(host, "Back");
    press(host, "Back");
  },
  "a station on": (host) => press(host, "Step"),
  "another prompt": (host) => {
    host.prompt = "The cat";
  },
  "no mask": (host) => {
    host.mask = "none";
  },
  "a token of two rows": async (host) => {
    host.prompts = ["ab", "cd"];
    await host.step();
  },
  "the other row": (host) => {
    host.row = 1;
  },
  "the logits' bars": (host) => {
    find<HTMLInputElement>(host, "next-token-candidates input, input[name=scale]")[1]!.click();
  },
  "a reset": (host) => host.reset(),
};

/** What either says and the other does not. */
function difference(): string[] {
  const [said, wanted] = [texts(element).split("|"), texts(twin).split("|")];
  const from = said.findIndex((word, i) => word !== wanted[i]);
  return from < 0 && said.length === wanted.length
    ? []
    : [said, wanted].map((words) => words.slice(from, from + 8).join(" "));
}

describe.each(Object.entries(translators))("a translator that %s", (_, translate) => {
  it("leaves an element that still says what it shows", async () => {
    for (const [deed, act] of Object.entries(deeds)) {
      translate(element);
      for (const each of [element, twin]) await act(each);
      await expect.poll(difference, { timeout: 3000, message: deed }).toEqual([]);
    }
    expect(texts(element)).toContain("100");
  });
});

it("what has not changed stays translated", async () => {
  translators["puts <font><font> in place of each text"]!(element);
  const translated = () =>
    find(element, "next-token-controls font, font").map(({ textContent }) => textContent.trim());
  expect(translated()).toContain("«Token»");
  await element.step();
  await at(() => texts(element).includes("|Token|1|of|"));
  expect(translated()).toContain("«Token»");
  expect(translated().join()).not.toContain("«Token 1");
  translators["moves each text into <font><font>"]!(element);
  await element.step();
  await at(() => texts(element).includes("|Token|2|of|"));
  expect(translated()).toContain("«Token»");
});

it("marks what no translator may touch: tokens, ids, code, shapes and numbers", async () => {
  await element.step();
  await at(() => texts(element).includes("|Token|1|of|"));
  const left = textNodes(element)
    .filter(({ parentElement }) => !parentElement?.closest('[translate="no"]'))
    .map(({ data }) => data.trim());
  const shown = (text: string) => textNodes(element).some(({ data }) => data.trim() === text);
  for (const text of ["72", "idx [1, 6]", "idx_cond [1, 5]", "33.3 %", "3.0000"].filter(shown))
    expect(left).not.toContain(text);
  expect(left.filter((text) => /^[-−]?\d*(\.\d+( %)?| %)$/.test(text))).toEqual([]);
  expect(find(element, "code, kbd, pre, .chip").filter((part) => !part.closest('[translate="no"]'))).toEqual(
    [],
  );
  expect(left).toContain("The ten likeliest next tokens");
});
