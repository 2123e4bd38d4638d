import { patient } from "./download/policy.ts";
import { fetchSmallText } from "./download/small-file.ts";
import { ModelCache } from "./model-cache.ts";
import { publishedAt } from "./published-models.ts";
import type { RemoteOptions } from "./remote-source.ts";
import { MAX_VOCABULARY_BYTES } from "./vocabulary.ts";

/**
 * The text of the `vocab.json` beside a checkpoint, which is stored with it; "" where there is none or the server does not
 * answer. It is not requested for published models, which have GPT-2's, and only once for others, because a model also runs
 * without it.
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
