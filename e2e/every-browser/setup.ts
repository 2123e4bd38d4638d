import { existsSync } from "node:fs";
import { preview } from "vite";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the built page is. */
    address: string;
  }
}

/** Serves what `npm run build` wrote to dist/ as it is, on a port that is free, while the tests run. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  if (!existsSync("dist/index.html"))
    throw new Error("There is no dist/index.html. Run npm run build first.");
  const server = await preview({ logLevel: "warn" });
  provide("address", server.resolvedUrls!.local[0]!);
  return () => server.close();
}
