import type { Browser } from "@playwright/test";
import type { Fault, Strike } from "./faults.ts";
import type { Site } from "./site.ts";
import { type Outcome, type Phase, Stage } from "./stage.ts";

/** What came of one fault in one phase. */
export interface Result {
  readonly fault: string;
  readonly phase: Phase;
  /** "recovered", an error's code, or "-" where the fault cannot occur. */
  readonly says: string;
  /** The error's sentence, or why the fault cannot occur. */
  readonly why: string;
  /** What is not as it must be; empty where all is well. */
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** The whole text, ids included, that a visit without a fault ends with. */
export async function undisturbedText(browser: Browser, site: Site): Promise<string> {
  const stage = await Stage.open(browser, site, "idle");
  try {
    const outcome = await stage.goOn();
    if ("text" in outcome && outcome.text) return outcome.text;
    throw new Error(`Without any fault the page ended with ${JSON.stringify(outcome)}.`);
  } finally {
    await stage.close();
  }
}

/** Lets `fault` strike in `phase`, once for each of its ways, and looks at how the visit ends. */
export async function runCell(
  browser: Browser,
  site: Site,
  fault: Fault,
  phase: Phase,
  undisturbed: string,
): Promise<Result> {
  const started = performance.now();
  const planned = fault.in[phase];
  const says: string[] = [];
  const whys: string[] = [];
  const problems: string[] = [];
  for (const strike of typeof planned === "string" ? [] : planned) {
    const one = await strikeOnce(browser, site, fault, phase, strike, undisturbed).catch((error: Error) => ({
      says: "?",
      why: "",
      problems: [error.message],
    }));
    says.push(one.says);
    whys.push(one.why);
    problems.push(...one.problems.map((problem) => `${strike.how ?? "struck"}: ${problem}`));
  }
  return {
    fault: fault.name,
    phase,
    says: typeof planned === "string" ? "-" : countEqual(says),
    why: typeof planned === "string" ? planned : [...new Set(whys.filter(Boolean))].join(" / "),
    problems,
    seconds: (performance.now() - started) / 1000,
  };
}

async function strikeOnce(
  browser: Browser,
  site: Site,
  fault: Fault,
  phase: Phase,
  strike: Strike,
  undisturbed: string,
): Promise<Pick<Result, "says" | "why" | "problems">> {
  const stage = await Stage.open(browser, site, phase, fault.isFramed);
  const problems: string[] = [];
  const expectText = (outcome: Outcome, when: string) => {
    if (!("text" in outcome)) problems.push(`${when}: ${outcome.code}: ${outcome.message}`);
    else if (outcome.text !== undisturbed) problems.push(`${when}: another text, ${outcome.text}`);
  };
  try {
    if (strike.before) await strike.before(stage);
    else await stage.reach();
    await strike.strike(stage);
    const outcome = await stage.goOn();
    problems.push(...(await stage.blemishes()));
    const says = "code" in outcome ? outcome.code : "recovered";
    if (says !== strike.ends) problems.push(`ended with ${says} instead of ${strike.ends}`);
    if ("code" in outcome) {
      if (!(await stage.shows(outcome))) problems.push("the page does not show the error's sentence");
      await strike.over?.(stage);
      expectText(await stage.play(), "once the fault was over, and Play pressed");
      problems.push(...(await stage.blemishes()));
    } else {
      expectText(outcome, "recovered");
      if (strike.shows && !(await stage.shows(strike.shows)))
        problems.push(`the page does not say ${strike.shows}`);
    }
    return { says, why: "code" in outcome ? outcome.message : "", problems };
  } finally {
    site.go();
    await stage.close();
  }
}

/** "recovered" four times is "recovered ×4". */
function countEqual(says: readonly string[]): string {
  return [...new Set(says)]
    .map((what) => {
      const times = says.filter((other) => other === what).length;
      return times > 1 ? `${what} ×${times}` : what;
    })
    .join(", ");
}
