import { patient } from "./download/policy.ts";
import { fetchSmallText } from "./download/small-file.ts";
import { ModelCache } from "./model-cache.ts";
import { publishedAt } from "./published-models.ts";
import type { RemoteOptions } from "./remote-source.ts";
import { MAX_VOCABULARY_BYTES } from "./vocabulary.ts";

/**
 * The text of the `vocab.json` beside a checkpoint, which is kept with it; "" where there is none or nobody can tell.
 * Published models have GPT-2's, and are not asked about. It says nothing that a model could not run without, so a
 * server is asked once.
 * @param url the checkpoint's absolute address
 * @throws NextTokenError "aborted"
 */
export async function vocabularyBeside(url: string, options: RemoteOptions): Promise<string> {
  if (publishedAt(url)) return "";
  const kept = (await ModelCache.open())?.file(url);
  const before = await kept?.vocabulary().catch(() => undefined);
  if (before !== undefined) return before;
  const policy = { ...(options.policy ?? patient), attempts: 1 };
  const beside = [new URL("vocab.json", url).href];
  const found = await fetchSmallText(beside, { ...options, policy, maxBytes: MAX_VOCABULARY_BYTES });
  const text = found?.trimStart().startsWith("{") ? found : ""; // servers answer with a page where a file is missing
  if (found !== undefined) await kept?.setVocabulary(text).catch(() => {});
  return text;
}
