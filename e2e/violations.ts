import type { Page } from "@playwright/test";

/**
 * Notes, from before the first script on, all that a page was kept from doing or did wrong: by its policy, in the document
 * and in every shadow tree; what the console calls an error; exceptions and rejections that nobody caught.
 */
export async function watchViolations(page: Page): Promise<() => Promise<string[]>> {
  const said: string[] = [];
  page.on("console", (message) => {
    if (message.text().startsWith("Failed to load resource")) return; // what a server answered
    if (
      message.type() === "error" ||
      /Content.Security.Policy|TrustedScript|TrustedHTML/i.test(message.text())
    )
      said.push(`console: ${message.text()}`);
  });
  page.on("pageerror", ({ message }) => said.push(`uncaught: ${message}`));
  await page.addInitScript(() => {
    const violations: string[] = [];
    Reflect.set(window, "violations", violations);
    const note = ({ violatedDirective, blockedURI, sample }: SecurityPolicyViolationEvent) =>
      violations.push(`${violatedDirective}: ${blockedURI} ${sample}`.trim());
    addEventListener("securitypolicyviolation", note, true);
  });
  return async () => [...said, ...(await page.evaluate(() => Reflect.get(window, "violations") as string[]))];
}
