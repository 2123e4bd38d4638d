import { afterEach, expect, it } from "vitest";
import { loadTokenizer } from "../../tokenizer/tokenizer.ts";
import "./token-tape.ts";
import type { TokenTape } from "./token-tape.ts";

// In a browser, because only there do lines break.

afterEach(() => document.body.replaceChildren());

/** Ids whose chips are of many widths. */
const ids = (length: number) => Array.from({ length }, (_, i) => 200 + ((i * 7919) % 20_000));
const chipsOf = (tape: TokenTape) => [
  ...tape.renderRoot.querySelectorAll<HTMLElement>('[role="listitem"]:not(.more)'),
];
const scrollOf = (tape: TokenTape) => tape.renderRoot.querySelector(".scroll")!;
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

async function tapeWith(prompt: number): Promise<{ tape: TokenTape; grow: (by: number) => Promise<void> }> {
  const tape = document.createElement("next-token-tape") as TokenTape;
  Object.assign(tape, { tokenizer: await loadTokenizer(), start: [ids(prompt)], generated: [[]] });
  tape.style.width = "600px";
  tape.style.setProperty("--nt-em", "16px");
  tape.style.setProperty("--nt-space-1", "4px");
  document.body.append(tape);
  await expect.poll(() => chipsOf(tape).length).toBe(prompt);
  const grow = async (by: number) => {
    for (let i = 0; i < by; i++) {
      tape.generated = [ids(chipsOf(tape).length + 1).slice(prompt)];
      await tape.updateComplete;
      await frame();
    }
  };
  return { tape, grow };
}

/** That every line is as full as it can be: its next chip would not have fitted. Blocks are cut where lines are. */
function breaksAsOneFlow(tape: TokenTape): void {
  const flow = document.createElement("div");
  flow.style.cssText = `display: flex; flex-wrap: wrap; gap: 4px; width: ${scrollOf(tape).querySelector(".rows")!.clientWidth}px`;
  const chips = chipsOf(tape);
  for (const chip of chips) {
    const box = document.createElement("div");
    box.style.cssText = `flex: none; height: 10px; width: ${chip.getBoundingClientRect().width}px`;
    flow.append(box);
  }
  document.body.append(flow);
  const linesOf = (boxes: HTMLElement[]) => {
    const tops = boxes.map((box) => box.getBoundingClientRect().top);
    return tops.flatMap((top, i) => (top === tops[i - 1] ? [] : [i]));
  };
  expect(linesOf(chips)).toEqual(linesOf([...flow.children] as HTMLElement[]));
  flow.remove();
}

it("breaks its lines as one flow of chips would, however it came to them", async () => {
  const { tape, grow } = await tapeWith(150);
  await grow(60);
  const closed = () => tape.renderRoot.querySelectorAll(".closed > .block").length;
  expect(closed()).toBeGreaterThan(1);
  breaksAsOneFlow(tape);

  const errors: string[] = [];
  const onError = ({ message }: ErrorEvent) => errors.push(message);
  addEventListener("error", onError);
  tape.style.width = "401px";
  for (let i = 0; i < 3; i++) await frame();
  breaksAsOneFlow(tape); // at once
  await expect.poll(() => tape.renderRoot.querySelector(".flowing")).toBeNull();
  expect(closed()).toBeGreaterThan(1);
  breaksAsOneFlow(tape); // and in blocks again
  expect(chipsOf(tape).map((chip) => chip.title)).toEqual(ids(210).map((_, i) => `position ${i}`));

  tape.generated = [ids(210).slice(150, 180)];
  await tape.updateComplete;
  await grow(20);
  breaksAsOneFlow(tape);
  removeEventListener("error", onError);
  expect(errors).toEqual([]);
});

it("shows the end as the text grows, but leaves a reader who scrolled back", async () => {
  const { tape, grow } = await tapeWith(150);
  const scroll = scrollOf(tape);
  const toEnd = () => scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop;
  await expect.poll(toEnd).toBeLessThan(2);
  await grow(20);
  expect(toEnd()).toBeLessThan(2);
  scroll.scrollTop = 40;
  await frame();
  await frame();
  await grow(40);
  expect(scroll.scrollTop).toBe(40);
  scroll.scrollTop = scroll.scrollHeight;
  await frame();
  await frame();
  await grow(40);
  expect(toEnd()).toBeLessThan(2);
});

it("is at the end of its text, not of the flight of a chip that comes from below, when its width changes then", async () => {
  const { tape } = await tapeWith(60);
  const scroll = scrollOf(tape);
  const rows = scroll.querySelector<HTMLElement>(".rows")!;
  const toEnd = () => 2 * rows.offsetTop + rows.offsetHeight - scroll.clientHeight - scroll.scrollTop;
  await expect.poll(toEnd).toBeLessThan(2);
  const flight = chipsOf(tape)
    .at(-1)!
    .animate([{ transform: "translateY(300px)" }, {}], 1000);
  await frame();
  expect(scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop).toBeGreaterThan(50);
  for (const width of ["300px", "280px"]) {
    tape.style.width = width;
    await frame();
    await frame();
    expect(Math.abs(toEnd())).toBeLessThan(2);
  }
  await flight.finished;
  expect(Math.abs(toEnd())).toBeLessThan(2);
});

it("draws an element for each token, and none of a closed block again", async () => {
  const { tape, grow } = await tapeWith(100);
  await grow(30);
  const closed = [...tape.renderRoot.querySelectorAll(".closed .token")];
  expect(closed.length).toBeGreaterThan(90);
  await grow(40);
  const chips = chipsOf(tape);
  expect(chips).toHaveLength(170);
  expect(closed.every((chip, i) => chip === chips[i])).toBe(true);
  expect(chips.filter((chip) => chip.classList.contains("decided"))).toEqual([chips.at(-1)]);
});
