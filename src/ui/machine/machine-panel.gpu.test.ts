import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ProfiledDispatch, StepProfile } from "../../index.ts";
import "./machine-panel.ts";
import type { MachinePanel } from "./machine-panel.ts";
import { textOf } from "./shader-parts.ts";
import { shaders } from "./sources.ts";

const wgsl = textOf(shaders["shaders/norm/layer-norm.wgsl"]!);

const dispatch = (kernel: string, module: string | undefined, microseconds: number): ProfiledDispatch => ({
  kernel,
  module,
  workgroups: [3, 1, 1],
  dims: { num_tokens: 1 },
  constants: { causal: 1 },
  wgsl,
  counterpart: undefined,
  bytesRead: 4000,
  bytesWritten: 1000,
  microseconds,
  gbPerSecond: 5 / microseconds,
});

const profile: StepProfile = {
  timing: "timestamp-query",
  dispatches: [
    dispatch("embedding", "tok_emb", 1),
    dispatch("layer-norm", "trf_blocks.0.norm1", 5),
    dispatch("matvec", "trf_blocks.0.att.W_qkv", 20),
    dispatch("argmax", undefined, 2),
  ],
  milliseconds: 0.04,
  runs: 50,
  context: 5,
  computed: 1,
  bandwidth: 10,
  adapter: "a made-up GPU",
};

let panel: MachinePanel;
const all = <E extends HTMLElement>(selector: string): E[] => [
  ...panel.renderRoot.querySelectorAll<E>(selector),
];
const texts = (selector: string) => all(selector).map(({ innerText }) => innerText.trim());

beforeEach(async () => {
  panel = document.createElement("next-token-machine");
  Object.assign(panel, { profile, state: "ready" });
  panel.style.inlineSize = "60rem"; // all columns
  document.body.append(panel);
  await panel.updateComplete;
});
afterEach(() => panel.remove());

it("groups the step by block and shows a group's dispatches when it is opened", async () => {
  const [block] = all(".group button").filter(({ innerText }) => innerText === "trf_blocks.0");
  expect(texts(".group button")).toEqual(["before the blocks", "trf_blocks.0", "after the blocks"]);
  expect(block!.closest("tr")!.innerText).toMatch(/2 dispatches\s+10.0 kB\s+25 µs\s+0.40\s+89 %/);
  expect(block!.getAttribute("aria-expanded")).toBe("false");
  const before = all(".dispatch").length;
  block!.click();
  await panel.updateComplete;
  expect(block!.getAttribute("aria-expanded")).toBe("true");
  expect(all(".dispatch")).toHaveLength(before + 2);
});

it("gives shares of the time, which add up, and none of a rate that a step may pass", async () => {
  panel.profile = { ...profile, bandwidth: 0.1 }; // slower than every dispatch
  await panel.updateComplete;
  const shares = (table: Element) =>
    [...table.querySelectorAll<HTMLElement>("td:last-child")].map(({ innerText }) =>
      Number.parseFloat(innerText),
    );
  for (const table of all("table")) {
    expect(shares(table).reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, -1);
  }
  expect(all("dl")[0]!.innerText).not.toContain("%");
  expect(texts("dt")).toContain("reading alone");
});

it("says how the times came about", async () => {
  expect(panel.renderRoot.textContent).toContain("over 50 iterations");
  panel.profile = { ...profile, timing: "wall-clock" };
  await panel.updateComplete;
  expect(panel.renderRoot.textContent).toContain("wall time of the whole iteration");
  expect(texts("th")).not.toContain("GB/s");
});

it("opens the shader that ran and its reference, and gives the focus back", async () => {
  const [kernel] = all<HTMLButtonElement>(".dispatch button").filter(
    ({ innerText }) => innerText === "layer-norm",
  );
  kernel!.focus();
  kernel!.click();
  const { renderRoot } = panel.renderRoot.querySelector("next-token-shader-dialog")!;
  const dialog = renderRoot.querySelector("dialog")!;
  await vi.waitFor(() => expect(dialog.open).toBe(true));
  const shown = () =>
    [...dialog.querySelectorAll("next-token-code")].map(({ renderRoot }) =>
      [...renderRoot.querySelectorAll(".line")].map((line) => line.textContent).join("\n"),
    );
  await vi.waitFor(() => expect(shown()).toHaveLength(2));
  const [shader, reference] = shown();
  expect(shader).toBe(wgsl);
  expect(reference).toContain("export function layerNorm");
  expect(dialog.querySelector("header")!.innerText).toMatch(/causal\s*1/);
  dialog.querySelector<HTMLButtonElement>("header button")!.click();
  expect(dialog.open).toBe(false);
  expect(panel.shadowRoot!.activeElement).toBe(kernel);
});

it("asks once, and not while it waits", () => {
  const asked = vi.fn();
  panel.addEventListener("profile-wanted", asked);
  const button = panel.renderRoot.querySelector("button")!;
  button.click();
  panel.state = "waiting";
  button.click();
  expect(asked).toHaveBeenCalledTimes(1);
});

it("says that it was measured with an earlier text, and keeps it", async () => {
  expect(all(".outdated")).toEqual([]);
  panel.isOutdated = true;
  await panel.updateComplete;
  expect(all(".outdated")).toHaveLength(1);
  expect(all(".group button")).toHaveLength(3);
});

it("opens a shader at the kernel's own file, behind the parts that it shares", async () => {
  const parts = ["shaders/parts/vec4.wgsl", "shaders/parts/quad.wgsl", "shaders/parts/mcg31.wgsl"];
  const files = [...parts, ...parts, "shaders/norm/layer-norm.wgsl"];
  const dialog = panel.renderRoot.querySelector("next-token-shader-dialog")!;
  await dialog.show({
    ...profile.dispatches[1]!,
    wgsl: files.map((file) => textOf(shaders[file]!)).join("\n"),
  });
  const heads = [...dialog.renderRoot.querySelectorAll<HTMLElement>('[aria-label="Shader"] > h3')];
  const own = heads.find(({ textContent }) => textContent === "shaders/norm/layer-norm.wgsl")!;
  await vi.waitFor(() => expect(dialog.renderRoot.querySelector("dialog")!.open).toBe(true));
  const { top, bottom } = own.getBoundingClientRect();
  const box = dialog.renderRoot.querySelector(".code")!.getBoundingClientRect();
  expect(top).toBeGreaterThanOrEqual(Math.floor(box.top));
  expect(bottom).toBeLessThan(box.bottom);
  dialog.renderRoot.querySelector("dialog")!.close();
});

it("opens a module of the model beside a shader of it", async () => {
  const dialog = panel.renderRoot.querySelector("next-token-shader-dialog")!;
  await dialog.showModule({
    name: "norm1",
    file: "src/model/layer-norm.ts",
    shader: "shaders/norm/layer-norm.wgsl",
  });
  await vi.waitFor(() => expect(dialog.renderRoot.querySelectorAll("next-token-code")).toHaveLength(2));
  const heads = [...dialog.renderRoot.querySelectorAll("h2, h3")].map(({ textContent }) => textContent);
  expect(heads).toEqual(["norm1", "shaders/norm/layer-norm.wgsl", "src/model/layer-norm.ts"]);
  dialog.renderRoot.querySelector("dialog")!.close();
});

it("names the kernels that were chosen, and asks for another choice, though not twice", async () => {
  expect(all(".choice")).toHaveLength(0);
  panel.kernels = { one: "matvec", few: "matvec", many: "matmul", attention: "tile" };
  await panel.updateComplete;
  expect(texts(".choice dd")).toEqual(["matvec", "matvec", "matmul", "tile"]);

  const wanted = vi.fn();
  panel.addEventListener("choice-wanted", wanted);
  const again = () => all<HTMLButtonElement>(".choice button")[0]!;
  again().click();
  expect(wanted).toHaveBeenCalledOnce();
  panel.state = "waiting";
  await panel.updateComplete;
  expect(again().getAttribute("aria-disabled")).toBe("true");
  again().click();
  expect(wanted).toHaveBeenCalledOnce();
});
