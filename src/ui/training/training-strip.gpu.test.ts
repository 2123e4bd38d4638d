import { html, render } from "lit";
import { afterEach, expect, it } from "vitest";
import { carrierOf } from "../../lesson/small-model/carriers.ts";
import { examples } from "../../lesson/small-model/examples.ts";
import { snapshotAt, snapshots } from "../../lesson/small-model/record.ts";
import { FINISHED, snapshotSteps } from "../../lesson/small-model/snapshots.ts";
import type { TrainingPanel } from "./training-panel.ts";
import "./training-panel.ts";
import "./training-strip.ts";
import type { TrainingStrip } from "./training-strip.ts";

const told: { name: string; detail: unknown }[] = [];
const tell = ({ type, detail }: CustomEvent) => told.push({ name: type, detail });

afterEach(() => {
  render(html``, document.body);
  told.length = 0;
});

async function strip(
  properties: Partial<TrainingStrip>,
): Promise<{ element: TrainingStrip; root: ShadowRoot }> {
  render(
    html`<next-token-training-strip
      @step-choose=${tell}
      @example-choose=${tell}
      @head-show=${tell}
      @ablate-change=${tell}
    ></next-token-training-strip>`,
    document.body,
  );
  const element = document.querySelector<TrainingStrip>("next-token-training-strip")!;
  Object.assign(element, properties);
  await element.updateComplete;
  return { element, root: element.shadowRoot! };
}

const buttonIn = (root: ShadowRoot, text: string) =>
  [...root.querySelectorAll("button")].find((button) => button.textContent.trim() === text)!;

it("has a mark for each snapshot, and tells the step only once the slider rests", async () => {
  const { element, root } = await strip({
    step: 500,
    textAt: (step) => (step === 1000 ? "of step 1000" : undefined),
  });
  const slider = root.querySelector<HTMLInputElement>("#steps")!;
  expect(slider.value).toBe(String(snapshotSteps.indexOf(500)));
  expect(root.querySelectorAll(".marks span")).toHaveLength(snapshotSteps.length);

  slider.value = String(snapshotSteps.indexOf(1000));
  slider.dispatchEvent(new Event("input"));
  await element.updateComplete;
  expect(root.querySelector(".head")!.textContent).toContain("1,000");
  expect(root.querySelector(".head")!.textContent).toContain(snapshotAt(1000)!.loss.held_out.toFixed(2));
  expect(root.querySelector(".text")!.textContent).toBe("of step 1000");
  expect(told).toEqual([]);
  slider.dispatchEvent(new Event("change"));
  expect(told).toEqual([{ name: "step-choose", detail: 1000 }]);

  element.step = 1000;
  await element.updateComplete;
  slider.value = String(snapshotSteps.indexOf(1000));
  slider.dispatchEvent(new Event("change"));
  expect(told).toHaveLength(1); // it came back to where it was
});

it("proposes a prompt of each kind, and says how often such prompts are right", async () => {
  const [example] = examples;
  const { element, root } = await strip({ prompt: "my own" });
  const menu = root.querySelector<HTMLSelectElement>("#examples")!;
  expect(menu.selectedOptions[0]!.textContent).toBe("a prompt of your own");
  expect(menu.querySelectorAll("optgroup option")).toHaveLength(examples.length);
  menu.value = example!.kind;
  menu.dispatchEvent(new Event("change"));
  expect(told).toEqual([{ name: "example-choose", detail: example!.prompt }]);

  element.prompt = example!.prompt;
  await element.updateComplete;
  const right = Math.round(100 * snapshotAt(FINISHED)!.accuracy![example!.kind]!);
  expect(root.querySelector("#look")!.textContent.replace(/\s+/g, " ")).toContain(
    `After 12,000 steps ${right} % of such`,
  );
});

it("names the head that carries a task, and takes it away and puts it back among others", async () => {
  const example = examples.find(({ kind }) => carrierOf(kind))!;
  const { layer, head } = carrierOf(example.kind)!;
  const other = [layer, (head + 1) % 4] as const;
  const { element, root } = await strip({ prompt: example.prompt, ablate: [other] });
  buttonIn(root, "See what it looks at").click();
  expect(told.pop()).toEqual({ name: "head-show", detail: { layer, head } });
  buttonIn(root, "Take it away").click();
  const both = [other, [layer, head]].sort(([, a], [, b]) => a! - b!);
  expect(told.pop()).toEqual({ name: "ablate-change", detail: both });
  element.ablate = both as [number, number][];
  await element.updateComplete;
  buttonIn(root, "Put it back").click();
  expect(told.pop()).toEqual({ name: "ablate-change", detail: [other] });
});

it("shows the training as a table, and asks for what is missing", async () => {
  render(
    html`<next-token-training @step-choose=${tell} @texts-wanted=${tell} @texts-cancel=${tell}></next-token-training>`,
    document.body,
  );
  const element = document.querySelector<TrainingPanel>("next-token-training")!;
  Object.assign(element, { step: 50, textAt: (step: number) => (step === 0 ? "<b>noise</b>" : undefined) });
  await element.updateComplete;
  const root = element.shadowRoot!;
  const rows = [...root.querySelectorAll("tbody tr")];
  expect(rows).toHaveLength(snapshots.length);
  expect(rows[0]!.querySelector(".text")!.textContent).toBe("<b>noise</b>");
  expect(rows.map((row) => row.getAttribute("aria-current"))).toEqual(
    snapshots.map(({ step }) => (step === 50 ? "true" : null)),
  );
  rows[2]!.querySelector("button")!.click();
  expect(told.pop()).toEqual({ name: "step-choose", detail: snapshotSteps[2] });
  buttonIn(root, "Write the text of every step").click();
  expect(told.pop()).toEqual({ name: "texts-wanted", detail: null });

  element.computing = 200;
  await element.updateComplete;
  expect(root.textContent).toContain("Model 3 of 11, after 200 steps …");
  buttonIn(root, "Stop").click();
  expect(told.pop()).toEqual({ name: "texts-cancel", detail: null });

  Object.assign(element, { computing: undefined, textAt: () => "all" });
  await element.updateComplete;
  buttonIn(root, "Write the text of every step").click();
  expect(told).toEqual([]);
});
