import type { GPTConfig } from "../model/config.ts";
import { NextTokenError } from "../next-token-error.ts";
import type { ConfigHints } from "./checkpoint-config.ts";
import { quote } from "./checkpoint-error.ts";
import { fetchSmallText } from "./download/small-file.ts";
import { type CachedFile, ModelCache } from "./model-cache.ts";
import { parseModelConfig } from "./model-config-file.ts";
import { publishedAt } from "./published-models.ts";
import { type RemoteOptions, RemoteSource } from "./remote-source.ts";

interface AddressOptions extends RemoteOptions {
  readonly config?: Partial<GPTConfig> | undefined;
  readonly mirrors?: readonly string[] | undefined;
}

/**
 * Opens a checkpoint on the network or in the cache, and what is known of its config.
 * @throws NextTokenError "bad-option" for what is no address, and what `RemoteSource.open` throws
 */
export async function openAddress(
  source: string,
  options: AddressOptions,
): Promise<{ bytes: RemoteSource; hints: ConfigHints }> {
  const url = absolute(source);
  const mirrors = options.mirrors?.map(absolute) ?? [];
  const published = publishedAt(url);
  const cache = await ModelCache.open();
  const { bytes: length, sha256 } = published ?? {};
  const bytes = await RemoteSource.open({ url, mirrors, bytes: length, sha256 }, cache, options);
  if (published) {
    const n_heads = options.config?.n_heads ?? published.n_heads;
    return { bytes, hints: { config: { ...options.config, n_heads } } };
  }
  const text = await configText([...mirrors, url], cache?.file(url), options);
  return { bytes, hints: { config: options.config, configFile: text ? parseModelConfig(text) : undefined } };
}

/** The `config.json` beside the file: from the cache, so that a second visit needs no network, or from the server. */
async function configText(
  urls: readonly string[],
  kept: CachedFile | undefined,
  options: RemoteOptions,
): Promise<string | undefined> {
  const before = await kept?.config().catch(() => undefined);
  if (before !== undefined) return before;
  const beside = urls.map((url) => new URL("config.json", url).href);
  const found = await fetchSmallText(beside, options);
  // Servers answer with a page where a file is missing.
  const text = found?.trimStart().startsWith("{") ? found : found && "";
  if (text !== undefined) await kept?.setConfig(text).catch(() => {});
  return text;
}

function absolute(source: string): string {
  const base = globalThis.document?.baseURI;
  if (URL.canParse(source, base)) {
    const url = new URL(source, base);
    if (url.protocol === "https:" || url.protocol === "http:") return url.href;
  }
  throw new NextTokenError(
    "bad-option",
    `${quote(source)} is no address of a checkpoint. Give the https address of a model.safetensors.`,
  );
}
