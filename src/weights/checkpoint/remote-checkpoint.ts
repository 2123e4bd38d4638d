import type { GPTConfig } from "../../config.ts";
import { NextTokenError } from "../../errors.ts";
import type { ConfigHints } from "./checkpoint-config.ts";
import { quote } from "./checkpoint-error.ts";
import { patient } from "./download/policy.ts";
import { fetchSmallText } from "./download/small-file.ts";
import { ModelCache } from "./model-cache.ts";
import { parseModelConfig } from "./model-config-file.ts";
import { publishedAt } from "./published-models.ts";
import { type RemoteOptions, RemoteSource } from "./remote-source.ts";

interface AddressOptions extends RemoteOptions {
  readonly config?: Partial<GPTConfig> | undefined;
  readonly mirrors?: readonly string[] | undefined;
  readonly looksBeside?: boolean | undefined;
}

interface OpenedAddress {
  readonly bytes: RemoteSource;
  readonly hints: ConfigHints;
  /** Deletes the stored `config.json`, so that the next visit requests it again. */
  forgetConfig(): Promise<void>;
}

/**
 * Opens a checkpoint on the network or in the cache, and what is known of its config.
 * @throws NextTokenError "bad-option" for what is no address, and what `RemoteSource.open` and `parseModelConfig` throw
 */
export async function openAddress(source: string, options: AddressOptions): Promise<OpenedAddress> {
  const url = absolute(source);
  const mirrors = (options.mirrors ?? []).map(absolute).filter((mirror) => !options.avoid?.has(mirror));
  const published = publishedAt(url);
  const cache = await ModelCache.open();
  const { bytes: length, sha256 } = published ?? {};
  const bytes = await RemoteSource.open({ url, mirrors, bytes: length, sha256 }, cache, options);
  const kept = cache?.file(url);
  const forgetConfig = async () => kept?.deleteConfig().catch(() => {});
  if (published) {
    const n_heads = options.config?.n_heads ?? published.n_heads;
    return { bytes, hints: { config: { ...options.config, n_heads } }, forgetConfig };
  }
  if (options.looksBeside === false) return { bytes, hints: { config: options.config }, forgetConfig };
  try {
    const before = await kept?.config().catch(() => undefined);
    // Whoever has the whole file may be offline, and should not wait for a small one.
    const policy = bytes.isKept ? { ...(options.policy ?? patient), attempts: 1 } : options.policy;
    const text = before ?? (await configText([...mirrors, url], { ...options, policy }));
    const hints = { config: options.config, configFile: text ? parseModelConfig(text) : undefined };
    if (text !== undefined && before === undefined) await kept?.setConfig(text).catch(() => {});
    return { bytes, hints, forgetConfig };
  } catch (error) {
    await bytes.close();
    await forgetConfig();
    throw error;
  }
}

/** The `config.json` beside the file; "" where there is none, undefined where a server did not say. */
async function configText(urls: readonly string[], options: RemoteOptions): Promise<string | undefined> {
  const beside = urls.map((url) => new URL("config.json", url).href);
  const found = await fetchSmallText(beside, options);
  // Servers answer with a page where a file is missing.
  return found?.trimStart().startsWith("{") ? found : found && "";
}

/** @throws NextTokenError "bad-option" for what is no address */
export function absolute(source: string): string {
  const base = globalThis.document?.baseURI;
  if (URL.canParse(source, base)) {
    const url = new URL(source, base);
    url.hash = "";
    if (url.protocol === "https:" || url.protocol === "http:") return url.href;
  }
  throw new NextTokenError(
    "bad-option",
    `${quote(source)} is no address of a checkpoint. Give the https address of a model.safetensors.`,
  );
}
