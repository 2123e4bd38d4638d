import { afterEach, expect, it } from "vitest";
import "../models/cached-models.ts";
import type { KeptModel } from "../../lesson/models/library.ts";
import type { CachedModels } from "../models/cached-models.ts";
import "../prompt/prompt-rows.ts";
import type { PromptRow, PromptRows } from "../prompt/prompt-rows.ts";

// In a browser, because only there has something the focus. Where it is lost, the keyboard starts at the page's top again.

afterEach(() => document.body.replaceChildren());

/** The innermost element that has the focus. */
function focused(): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}

const row = (text: string): PromptRow => ({ text, notes: [], refusal: undefined, tokens: undefined });

async function openRows(...texts: string[]) {
  const rows = document.createElement("next-token-prompts") as PromptRows;
  rows.rows = texts.map(row);
  rows.addEventListener("prompts-change", (event) => {
    rows.rows = (event as CustomEvent<string[]>).detail.map(row);
  });
  document.body.append(rows);
  await rows.updateComplete;
  const press = async (name: string) => {
    const buttons = [...rows.renderRoot.querySelectorAll("button")];
    const button = buttons.find((each) => (each.ariaLabel ?? each.textContent.trim()) === name)!;
    button.focus();
    button.click();
  };
  return { press };
}

it("goes to a prompt that is added, and to what follows one that is taken away", async () => {
  const { press } = await openRows("a", "b", "c");
  await press("Add a prompt to the batch");
  await expect
    .poll(() => document.querySelector("next-token-prompts")!.shadowRoot!.activeElement)
    .not.toBeNull();
  await expect.poll(() => focused()).toBeInstanceOf(HTMLTextAreaElement);
  expect((focused() as HTMLTextAreaElement).value).toBe("c");
  await press("Remove row 0");
  await expect.poll(() => (focused() as HTMLTextAreaElement).value).toBe("b");
});

it("stays with the last prompt, whose button went, too", async () => {
  const { press } = await openRows("a", "b");
  await press("Remove row 1");
  await expect.poll(() => (focused() as HTMLTextAreaElement).value).toBe("a");
});

it("stays in the list when a kept model is deleted, and beside it when it was the only one", async () => {
  const list = document.createElement("next-token-cached-models") as CachedModels;
  const model = (name: string): KeptModel => ({
    name,
    url: `https://example.org/${name}`,
    bytes: 8,
    cachedBytes: 8,
    complete: true,
  });
  list.models = [model("a"), model("b")];
  document.body.append(list);
  await list.updateComplete;
  list.renderRoot.querySelectorAll("button")[1]!.focus();
  list.models = [model("a")];
  await list.updateComplete;
  expect(focused()!.ariaLabel).toBe("Delete a");
  list.models = [];
  await list.updateComplete;
  expect(focused()!.textContent).toMatch(/^None yet/);
});
