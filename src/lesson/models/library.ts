import type { CachedModel } from "../../index.ts";
import type { KnownModel } from "./model-source.ts";
import { nameAt, smallName } from "./model-words.ts";

/** A kept model and what it is called. */
export interface KeptModel extends CachedModel {
  readonly name: string;
}

/** What is known and kept of models is part of their code, which a page that is only read goes without. */
const library = () => import("../../index.ts");

export async function knownModels(): Promise<readonly KnownModel[]> {
  return (await library()).publishedModels;
}

/** The models kept on this computer; undefined where the browser keeps nothing for this page. */
export async function keptModels(known: readonly KnownModel[]): Promise<KeptModel[] | undefined> {
  const [{ ModelCache }, { stepsAt }] = await Promise.all([library(), import("../small-model/files.ts")]);
  const models = await (await ModelCache.open())?.list();
  const name = (url: string) => {
    const step = stepsAt(url);
    if (step !== undefined) return smallName(step);
    return known.find((model) => model.url === url)?.label ?? nameAt(url);
  };
  return models?.map((model) => ({ ...model, name: name(model.url) }));
}

/** The size of what is kept from `url`; undefined where nothing is. */
export async function keptBytes(url: string): Promise<number | undefined> {
  const { ModelCache } = await library();
  return (await (await ModelCache.open())?.find(url))?.bytes;
}

export async function deleteKept(url: string): Promise<void> {
  const { ModelCache } = await library();
  await (await ModelCache.open())?.delete(url);
}
