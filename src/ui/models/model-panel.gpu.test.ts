import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { KeptModel } from "../../lesson/models/library.ts";
import { keptModels, knownModels } from "../../lesson/models/library.ts";
import { type FileSource, parseModelSource } from "../../lesson/models/model-source.ts";
import { pageContext } from "./page-context.ts";
import "./model-panel.ts";
import type { ModelPanel } from "./model-panel.ts";

// In a browser, because only there is an element. No model is loaded, and no host is asked.

vi.mock("../../lesson/models/library.ts", { spy: true });

const uncaught: unknown[] = [];
const note = (event: PromiseRejectionEvent) => {
  event.preventDefault();
  uncaught.push(event.reason);
};
let panel: ModelPanel;

beforeEach(async () => {
  uncaught.length = 0;
  addEventListener("unhandledrejection", note);
  vi.mocked(knownModels).mockResolvedValue([]);
  vi.mocked(keptModels).mockResolvedValue([]);
  panel = document.createElement("next-token-models") as ModelPanel;
  document.body.append(panel);
  await panel.updateComplete;
});
afterEach(() => {
  removeEventListener("unhandledrejection", note);
  panel.remove();
  vi.resetAllMocks();
});

const dialog = () =>
  panel.renderRoot.querySelector("next-token-foreign-host")!.shadowRoot!.querySelector("dialog")!;
const list = () => panel.renderRoot.querySelector("next-token-cached-models")!.shadowRoot!.textContent.trim();
const open = () => {
  panel.renderRoot.querySelector("details")!.open = true;
};

describe("the question before a foreign host", () => {
  it.each([
    ["Allow", true],
    ["Cancel", false],
  ])("is asked in a dialog, and its answer is an event: %s", async (name, isAllowed) => {
    const answers: boolean[] = [];
    panel.addEventListener("host-answer", ({ detail }: CustomEventInit<boolean>) => answers.push(detail!));
    panel.asked = { host: "a.example", url: "https://a.example/model.safetensors" };
    await vi.waitFor(() => expect(dialog().open).toBe(true));
    expect(dialog().textContent).toContain("Download a model from a.example?");
    [...dialog().querySelectorAll("button")].find(({ textContent }) => textContent === name)!.click();
    expect(answers).toEqual([isAllowed]);
    panel.asked = undefined;
    await vi.waitFor(() => expect(dialog().open).toBe(false));
  });
});

describe("what is kept", () => {
  it("is listed again when a model has become ready", async () => {
    open();
    await vi.waitFor(() => expect(list()).toMatch(/^None yet/));
    const kept: KeptModel = {
      name: "GPT-2",
      url: "https://a.example/x",
      bytes: 8,
      cachedBytes: 8,
      complete: true,
    };
    vi.mocked(keptModels).mockResolvedValue([kept]);
    panel.verified = "known-answer";
    await vi.waitFor(() => expect(list()).toMatch(/^GPT-2/));
  });

  it("is not listed while nobody looks", async () => {
    panel.verified = "known-answer";
    await panel.updateComplete;
    expect(keptModels).not.toHaveBeenCalled();
  });

  it("is left out where it cannot be told, and nothing is made of that", async () => {
    vi.mocked(keptModels).mockRejectedValue(new DOMException("The disk is broken.", "UnknownError"));
    open();
    await vi.waitFor(() => expect(keptModels).toHaveBeenCalled());
    await panel.updateComplete;
    expect(list()).toBe("");
    vi.mocked(knownModels).mockRejectedValue(new TypeError("Failed to fetch"));
    panel.model = "gpt2";
    await panel.updateComplete;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(uncaught).toEqual([]);
  });
});

describe("files", () => {
  const [weights, config] = [new File(["w"], "model.safetensors"), new File(["{}"], "config.json")];
  const chosen = vi.fn<(model: string) => void>();
  const drop = (...files: File[]) => {
    const dataTransfer = new DataTransfer();
    for (const file of files) dataTransfer.items.add(file);
    panel.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  };
  const source = () => parseModelSource(panel.model, pageContext([]));
  const text = () => panel.renderRoot.textContent;
  const menu = () => panel.renderRoot.querySelector("next-token-model-menu")!.shadowRoot!;
  const name = (file: File | undefined) => file?.name;

  beforeEach(() =>
    panel.addEventListener("model-choose", ({ detail }: CustomEventInit<string>) => {
      chosen(detail!);
      panel.model = detail!;
    }),
  );

  it("dropped together are used together", () => {
    drop(config, weights);
    expect(chosen).toHaveBeenCalledOnce();
    expect(source()).toMatchObject({ kind: "file", file: { name: "model.safetensors" } });
    expect(name((source() as FileSource).config)).toBe("config.json");
  });

  it("complete each other, the config.json after its file, before it, or in place of another", async () => {
    drop(weights);
    expect((source() as FileSource).config).toBeUndefined();
    const alone = panel.model;
    drop(config);
    expect(panel.model).not.toBe(alone);
    expect(name((source() as FileSource).config)).toBe("config.json");
    drop(new File(["{}"], "config (1).json"));
    expect(name((source() as FileSource).config)).toBe("config (1).json");
    drop(new File(["w"], "other.safetensors"));
    expect((source() as FileSource).config).toBeUndefined();

    panel.model = "seed:123";
    drop(config);
    await panel.updateComplete;
    expect(text()).toContain("“config.json”: kept for the file that it belongs to.");
    drop(weights);
    await panel.updateComplete;
    expect(name((source() as FileSource).config)).toBe("config.json");
    expect(text()).not.toContain("kept for the file");
  });

  it("have the heads that the form says, dropped as well as picked", async () => {
    const select = menu().querySelector("select")!;
    select.value = "form:file";
    select.dispatchEvent(new Event("change"));
    await vi.waitFor(() => expect(menu().querySelector("#heads")).not.toBeNull());
    menu().querySelector<HTMLInputElement>("#heads")!.value = "4";
    drop(weights);
    expect(source()).toMatchObject({ kind: "file", n_heads: 4 });
    await vi.waitFor(() => expect(menu().querySelector("next-token-model-picker")).toBeNull());
  });

  it("of torch.save are checkpoints", () => {
    drop(new File(["PK"], "model.pth"));
    expect(source()).toMatchObject({ kind: "file", file: { name: "model.pth" } });
  });

  it("that are of no use are named, and what to do about them", async () => {
    drop(new File(["GGUF"], "model.gguf"));
    await panel.updateComplete;
    expect(chosen).not.toHaveBeenCalled();
    expect(text()).toContain("“model.gguf” cannot be used here.");
    expect(text()).toContain("Choose the model.safetensors of the same model.");
  });

  it("that a link is about are asked for by name, with what the link says of them", async () => {
    panel.model = "file:%3Cb%3Emodel.safetensors#n_heads=4&precision=f16";
    await vi.waitFor(() => expect(menu().querySelector("next-token-model-picker")).not.toBeNull());
    expect(text()).toContain(
      "This link is about the file “<b>model.safetensors” on the computer where it was made.",
    );
    expect(panel.renderRoot.querySelector("b")).toBeNull();
    drop(weights);
    expect(source()).toMatchObject({ kind: "file", n_heads: 4, precision: "f16" });
    await panel.updateComplete;
    expect(text()).not.toContain("This link is about");
  });
});

describe("the seed", () => {
  const menu = async () => {
    open();
    await panel.updateComplete;
    return vi.waitFor(() => {
      const found = panel.renderRoot.querySelector("next-token-model-menu")!;
      expect(found.shadowRoot!.querySelector("#seed")).not.toBeNull();
      return found;
    });
  };
  const type = (field: HTMLInputElement, value: string) => {
    field.value = value;
    field.dispatchEvent(new Event("change"));
  };

  it("is a field, and keeps the precision", async () => {
    panel.model = "seed:123#precision=f16";
    const { shadowRoot } = await menu();
    const chosen: string[] = [];
    panel.addEventListener("model-choose", ({ detail }: CustomEventInit<string>) => chosen.push(detail!));
    type(shadowRoot!.querySelector("#seed")!, "4294967295");
    expect(chosen).toEqual(["seed:4294967295#precision=f16"]);
  });

  it.each(["", "-1", "1.5", "4294967296"])("%j is refused, and says why", async (value) => {
    const { shadowRoot } = await menu();
    const chosen: string[] = [];
    panel.addEventListener("model-choose", ({ detail }: CustomEventInit<string>) => chosen.push(detail!));
    type(shadowRoot!.querySelector("#seed")!, value);
    await vi.waitFor(() =>
      expect(shadowRoot!.querySelector("#note")!.textContent).toContain(
        "A seed is a whole number from 0 to 4,294,967,295.",
      ),
    );
    expect(chosen).toEqual([]);
  });

  it("keeps its configuration, which is an entry of its own, until the notebook's model is chosen", async () => {
    const details = "n_layers=4&n_heads=4&emb_dim=96";
    panel.model = `seed:7#${details}&precision=f16`;
    const { shadowRoot } = await menu();
    const select = shadowRoot!.querySelector("select")!;
    const chosen: string[] = [];
    panel.addEventListener("model-choose", ({ detail }: CustomEventInit<string>) => chosen.push(detail!));
    expect([...select.options].map(({ text }) => text)).toEqual([
      "Untrained, seed 7",
      "Small, trained",
      "Untrained, seed 7 (4 layers, 96 wide)",
      "A file from this computer…",
      "An address…",
    ]);
    expect(select.selectedOptions[0]!.text).toBe("Untrained, seed 7 (4 layers, 96 wide)");
    expect(panel.renderRoot.querySelector("summary")!.textContent).toContain("(4 layers, 96 wide) · f16");
    expect(shadowRoot!.querySelector("#note")!.textContent).toContain("n_layers=4, before training");

    type(shadowRoot!.querySelector("#seed")!, "8");
    select.dispatchEvent(new Event("change"));
    shadowRoot!
      .querySelector("next-token-precision")!
      .dispatchEvent(new CustomEvent("precision-change", { detail: "f32" }));
    select.value = "seed:7";
    select.dispatchEvent(new Event("change"));
    expect(chosen).toEqual([
      `seed:8#${details}&precision=f16`,
      `seed:7#${details}&precision=f16`,
      `seed:7#${details}`,
      "seed:7#precision=f16",
    ]);
  });

  it("whose configuration no model can have is no entry, and the menu says why", async () => {
    panel.model = "seed:7#n_layers=1000000000";
    open();
    const { shadowRoot } = panel.renderRoot.querySelector("next-token-model-menu")!;
    await vi.waitFor(() =>
      expect(shadowRoot!.querySelector("#note")!.textContent).toContain(
        "n_layers is 1000000000; a model made from a seed has at most 256. Choose fewer.",
      ),
    );
    expect(shadowRoot!.querySelector("select")!.selectedOptions[0]!.text).toBe("Not a model");
  });
});
