import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** That nothing on the page is against the rules of access, in light and in dark. */
export async function noViolations(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes[0]?.html}`)).toEqual([]);
  }
}
