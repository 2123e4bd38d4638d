import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Consent, checkAgreed } from "./consent.ts";
import { keptBytes, knownModels } from "./library.ts";
import { type AddressSource, type PageContext, parseModelSource } from "./model-source.ts";

vi.mock("./library.ts", { spy: true });

const context: PageContext = { base: "https://course.example/", origin: "https://course.example", known: [] };
const foreign = (host: string) => `https://${host}/model.safetensors`;
const sourceOf = (model: string) => parseModelSource(model, context) as AddressSource;
const changed = vi.fn();
let consent: Consent;

beforeEach(() => {
  vi.mocked(knownModels).mockResolvedValue([]);
  vi.mocked(keptBytes).mockResolvedValue(undefined);
  consent = new Consent(() => context, changed);
});
afterEach(() => void vi.resetAllMocks());

const asked = (host: string) => vi.waitFor(() => expect(consent.asked?.host).toBe(host));

it.each(["seed:123", "model.safetensors", "no model at all"])("is not needed for %s", async (model) => {
  expect(await consent.request(model)).toBe(true);
  expect(changed).not.toHaveBeenCalled();
});

it("is asked once for a host, with the size of what is kept of it", async () => {
  vi.mocked(keptBytes).mockResolvedValue(8);
  const model = foreign("once.example");
  expect(() => checkAgreed(sourceOf(model))).toThrow(expect.objectContaining({ code: "host-not-allowed" }));
  const request = consent.request(model);
  await asked("once.example");
  expect(consent.asked).toEqual({ host: "once.example", url: model, bytes: 8 });
  consent.answer(true);
  expect(await request).toBe(true);
  expect(consent.asked).toBeUndefined();
  expect(changed).toHaveBeenCalledTimes(2);
  expect(await consent.request(model)).toBe(true);
  expect(changed).toHaveBeenCalledTimes(2);
  expect(() => checkAgreed(sourceOf(model))).not.toThrow();
});

it("that was refused is asked again", async () => {
  for (const _ of [1, 2]) {
    const request = consent.request(foreign("no.example"));
    await asked("no.example");
    consent.answer(false);
    expect(await request).toBe(false);
  }
});

it("settles the question before it with no, however quickly they come", async () => {
  const first = consent.request(foreign("quick.example"));
  const second = consent.request(foreign("quick.example"));
  expect(await first).toBe(false);
  await asked("quick.example");
  const third = consent.request(foreign("later.example"));
  expect(await second).toBe(false);
  await asked("later.example");
  consent.answer(true);
  expect(await third).toBe(true);
});

it("is asked without a size where what is kept cannot be read", async () => {
  vi.mocked(keptBytes).mockRejectedValue(new DOMException("The disk is broken.", "UnknownError"));
  void consent.request(foreign("broken.example"));
  await asked("broken.example");
  expect(consent.asked).toEqual({ host: "broken.example", url: foreign("broken.example") });
});

it("fails where the code that knows the models does not come", async () => {
  vi.mocked(knownModels).mockRejectedValue(new TypeError("Failed to fetch"));
  await expect(consent.request(foreign("gone.example"))).rejects.toThrow("Failed to fetch");
});
