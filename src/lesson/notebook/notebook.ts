import type { Progress } from "../../config.ts";
import { GPT_CONFIG_124M, GPTModel, generateTextSimple, loadTokenizer } from "../../index.ts";
import { list, logits, type Output, size, tensor, text } from "./output.ts";

/**
 * The notebook, from top to bottom: what Python prints, this yields. The page shows these very lines beside Python's.
 * Dropout draws on from the generator that made the weights, so each run builds its model anew and asks in this order.
 */
export async function* notebook(hooks: {
  onProgress: (progress: Progress) => void;
  signal: AbortSignal;
}): AsyncGenerator<Output, void, void> {
  let model: GPTModel | undefined;
  let book: GPTModel | undefined;
  try {
    const tokenizer = await loadTokenizer();

    // %% batch
    const texts = ["Every effort moves you", "Every day holds a"];
    const batch = texts.map((text) => tokenizer.encode(text));
    yield tensor(batch);

    // %% shape
    const asPrinted = { mask: "none", ...hooks } as const;
    model = await GPTModel.fromSeed(123, GPT_CONFIG_124M, asPrinted);
    const out = await model.forward(batch, { training: true });
    yield size(out.shape);

    // %% logits
    yield logits(out);

    // %% prompt
    const encoded = tokenizer.encode("Hello, I am");
    yield list(encoded);

    // %% generated
    const idx = [encoded];
    const ids = await generateTextSimple(model, idx, 10, 1024);
    yield tensor(ids);

    // %% text
    yield text(tokenizer.decode(ids[0]!));

    // %% causal
    const masked = { mask: "causal", ...hooks } as const;
    book = await GPTModel.fromSeed(123, GPT_CONFIG_124M, masked);
    yield tensor(await generateTextSimple(book, idx, 10, 1024));
    // %%
  } finally {
    model?.destroy();
    book?.destroy();
  }
}
