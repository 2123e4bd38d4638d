import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { preview } from "vite";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the built page is. */
    address: string;
    /** The profile of one visitor: what the first visit found out about the GPU, the next ones know. */
    profile: string;
  }
}

/** Serves what `npm run build` wrote to dist/ as it is, on a port that is free, while the tests run. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  if (!existsSync("dist/index.html"))
    throw new Error("There is no dist/index.html. Run npm run build first.");
  const server = await preview({ logLevel: "warn" });
  const profile = mkdtempSync(join(tmpdir(), "next-token-firefox-"));
  provide("address", server.resolvedUrls!.local[0]!);
  provide("profile", profile);
  return async () => {
    await server.close();
    rmSync(profile, { recursive: true, maxRetries: 3 });
  };
}
