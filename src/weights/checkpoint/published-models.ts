/** A checkpoint that is known beforehand. */
export interface PublishedModel {
  /** Its name on huggingface.co. */
  readonly id: string;
  /** For people: what it is and how large. */
  readonly label: string;
  /** The file at a fixed revision, which never changes under its readers. */
  readonly url: string;
  readonly n_heads: number;
  readonly bytes?: number;
  /** Of the whole file, as lower-case hex. */
  readonly sha256?: string;
  /** A prompt and what the model appends to it when the likeliest token is taken at each step. */
  readonly selfTest?: { readonly prompt: readonly number[]; readonly continuation: readonly number[] };
}

const hub = (id: string, revision: string) =>
  `https://huggingface.co/${id}/resolve/${revision}/model.safetensors`;

/**
 * The GPT-2 family as published. The self-tests are those of the tests of Hugging Face's transformers
 * (tests/models/gpt2: test_lm_generate_gpt2 and test_lm_generate_distilgpt2).
 */
export const publishedModels: readonly PublishedModel[] = [
  {
    id: "distilbert/distilgpt2",
    label: "DistilGPT-2 82M (353 MB)",
    url: hub("distilbert/distilgpt2", "2290a62682d06624634c1f46a6ad5be0f47f38aa"),
    n_heads: 12,
    bytes: 352_824_413,
    sha256: "e1ff18884359fe8beb795a5f414feb85a6ce3d929ad019c0d958c039d2b94a1b",
    selfTest: {
      prompt: [464, 1893],
      continuation: [
        286, 262, 1578, 1829, 11, 290, 262, 1893, 286, 262, 1578, 7526, 11, 423, 587, 287, 262, 2635,
      ],
    },
  },
  {
    id: "openai-community/gpt2",
    label: "GPT-2 124M (548 MB)",
    url: hub("openai-community/gpt2", "607a30d783dfa663caf39e06633721c8d4cfcd7e"),
    n_heads: 12,
    bytes: 548_105_171,
    sha256: "248dfc3911869ec493c76e65bf2fcf7f615828b0254c12b473182f0f81d3a707",
    selfTest: {
      prompt: [464, 3290],
      continuation: [
        373, 1043, 287, 257, 2214, 1474, 262, 16246, 286, 2688, 290, 2688, 27262, 13, 198, 198, 464, 3290,
      ],
    },
  },
  {
    id: "openai-community/gpt2-medium",
    label: "GPT-2 355M (1.5 GB)",
    url: hub("openai-community/gpt2-medium", "6dcaa7a952f72f9298047fd5137cd6e4f05f41da"),
    n_heads: 16,
  },
  {
    id: "openai-community/gpt2-large",
    label: "GPT-2 774M (3.2 GB)",
    url: hub("openai-community/gpt2-large", "32b71b12589c2f8d625668d2335a01cac3249519"),
    n_heads: 20,
  },
  {
    id: "openai-community/gpt2-xl",
    label: "GPT-2 1.5B (6.4 GB)",
    url: hub("openai-community/gpt2-xl", "15ea56dee5df4983c59b2538573817e1667135e2"),
    n_heads: 25,
    sha256: "0f8b28eb05a8075f48b61b6f35332978c74fc7763fa9fb4051a1c30511736a6a",
  },
];

/** The published model whose file lies at this address. */
export const publishedAt = (url: string): PublishedModel | undefined =>
  publishedModels.find((model) => model.url === url);

/** The published model whose file has this SHA-256. */
export const publishedAs = (sha256: string | undefined): PublishedModel | undefined =>
  sha256 === undefined ? undefined : publishedModels.find((model) => model.sha256 === sha256);
