import { cast, isCast } from "./cast.ts";
import { isHeldOutSentence, type Share } from "./held-out.ts";
import type { Random } from "./random.ts";
import { expand, type Slots, shapesOf, slotsOf, type Text } from "./template.ts";

/** One kind of texts. */
export interface Kind {
  readonly name: string;
  /** How often it is written, beside the others. */
  readonly weight: number;
  /** How many sentence shapes it has: templates, times the ways in which their choices can be made. */
  readonly shapes: number;
  readonly write: (random: Random, share: Share) => Omit<Text, "kind">;
}

/** A template, and the two slots that each of its questions is about: in the held-out share they are a pair that is held out. */
export interface Sentence {
  readonly template: string;
  readonly asked: readonly string[];
}

const sumOfShapes = (templates: readonly string[]) =>
  templates.reduce((sum, template) => sum + shapesOf(template), 0);

/** Texts in which people, things and places stand in slots. */
export function castKind(name: string, weight: number, sentences: readonly Sentence[]): Kind {
  const write = (random: Random, share: Share) => {
    const { template, asked } = random.of(sentences);
    return expand(template, cast(slotsOf(template), asked, share, random), random);
  };
  return { name, weight, shapes: sumOfShapes(sentences.map(({ template }) => template)), write };
}

/** Facts, and the sentences that can say them. */
export interface Facts {
  readonly templates: readonly string[];
  readonly facts: readonly Slots[];
}

/** A fact in a shape of sentence that can say it. */
export interface FactSentence {
  readonly template: string;
  readonly fact: Slots;
  readonly isHeldOut: boolean;
}

/** Every fact in every shape whose slots it fills; the other slots are people and things, who may be anybody. */
export const sentencesOf = ({ templates, facts }: Facts): FactSentence[] =>
  templates.flatMap((template) => {
    const needed = slotsOf(template).filter((slot) => !isCast(slot));
    return facts
      .filter((fact) => needed.every((slot) => fact[slot] !== undefined))
      .map((fact) => ({
        template,
        fact,
        isHeldOut: isHeldOutSentence(template, needed.map((slot) => fact[slot]).join(" ")),
      }));
  });

/**
 * Texts that say facts. A fact is never held out, but it is in sentences of some shapes; people in them are anybody whose
 * pairs may be used.
 */
export function factKind(name: string, weight: number, { templates, facts }: Facts): Kind {
  const sentences = sentencesOf({ templates, facts });
  const of = {
    training: sentences.filter(({ isHeldOut }) => !isHeldOut),
    "held-out": sentences.filter(({ isHeldOut }) => isHeldOut),
  };
  const write = (random: Random, share: Share) => {
    const { template, fact } = random.of(of[share]);
    const people = slotsOf(template).filter(isCast);
    const said = Object.values(fact);
    const slots = people.length > 0 ? cast(people, [], "training", random, said) : {};
    return expand(template, { ...fact, ...slots }, random);
  };
  return { name, weight, shapes: sumOfShapes(templates), write };
}
