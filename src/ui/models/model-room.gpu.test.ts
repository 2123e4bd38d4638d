import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { KeptModel } from "./cached-models.ts";
import { keptModels, knownModels } from "./library.ts";
import "./model-room.ts";
import type { ModelRoom } from "./model-room.ts";

// In a browser, because only there is an element. No model is loaded, and no host is asked.

vi.mock("./library.ts", { spy: true });

const uncaught: unknown[] = [];
const note = (event: PromiseRejectionEvent) => {
  event.preventDefault();
  uncaught.push(event.reason);
};
let room: ModelRoom;

beforeEach(async () => {
  uncaught.length = 0;
  addEventListener("unhandledrejection", note);
  vi.mocked(knownModels).mockResolvedValue([]);
  vi.mocked(keptModels).mockResolvedValue([]);
  room = document.createElement("next-token-models") as ModelRoom;
  document.body.append(room);
  await room.updateComplete;
});
afterEach(() => {
  removeEventListener("unhandledrejection", note);
  room.remove();
  vi.resetAllMocks();
});

const foreign = (host: string) => `https://${host}/model.safetensors`;
const dialog = () =>
  room.renderRoot.querySelector("next-token-foreign-host")!.shadowRoot!.querySelector("dialog")!;
const answer = (name: "Cancel" | "Allow") =>
  [...dialog().querySelectorAll("button")].find(({ textContent }) => textContent === name)!.click();
const asked = (host: string) =>
  vi.waitFor(() => {
    expect(dialog().open).toBe(true);
    expect(dialog().textContent).toContain(host);
  });
const list = () => room.renderRoot.querySelector("next-token-cached-models")!.shadowRoot!.textContent.trim();
const open = () => {
  room.renderRoot.querySelector("details")!.open = true;
};

describe("the question before a foreign host", () => {
  it("settles the one before it, however quickly they come", async () => {
    const first = room.agree(foreign("a.example"));
    const second = room.agree(foreign("a.example"));
    expect(await first).toBe(false);
    await asked("a.example");
    answer("Allow");
    expect(await second).toBe(true);
  });

  it("is asked without a size where what is kept cannot be told", async () => {
    vi.mocked(keptModels).mockRejectedValue(new DOMException("The disk is broken.", "UnknownError"));
    const agreed = room.agree(foreign("b.example"));
    await asked("b.example");
    expect(dialog().textContent).toContain("Download a model from b.example?");
    answer("Cancel");
    expect(await agreed).toBe(false);
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
    room.verified = "known-answer";
    await vi.waitFor(() => expect(list()).toMatch(/^GPT-2/));
  });

  it("is not listed while nobody looks", async () => {
    room.verified = "known-answer";
    await room.updateComplete;
    expect(keptModels).not.toHaveBeenCalled();
  });

  it("is left out where it cannot be told, and nothing is made of that", async () => {
    vi.mocked(keptModels).mockRejectedValue(new DOMException("The disk is broken.", "UnknownError"));
    open();
    await vi.waitFor(() => expect(keptModels).toHaveBeenCalled());
    await room.updateComplete;
    expect(list()).toBe("");
    vi.mocked(knownModels).mockRejectedValue(new TypeError("Failed to fetch"));
    room.model = "gpt2";
    await room.updateComplete;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(uncaught).toEqual([]);
  });
});
