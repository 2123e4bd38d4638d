import { factKind } from "../kind.ts";
import { animals, numbers, opposites, plurals } from "../words.ts";

/** What everybody knows: opposites, what animals do, one and many, and why people do things. */

const bothWays = opposites.flatMap(([left, right]) => [
  { n: left, o: right },
  { n: right, o: left },
]);
const oppositeTemplates = [
  "The opposite of {n} is [{o}].",
  "What is the opposite of {n}? It is [{o}].",
  "{a} (asked|said): what is the opposite of {n}? [{o}], said {b}.",
  "It is not {n}. It is [{o}].",
  "The {t} is not {n}. It is [{o}].",
  "The {t} is not {n} but [{o}].",
  "If it is not {n}, it is [{o}].",
  "The {t} of {a} is {n}. The {t} of {b} is not: it is [{o}].",
  "First it was {n}, then it was [{o}].",
  "{a} said {n}, and {b} said the opposite: [{o}].",
  "(Not|Never) {n}, always [{o}].",
  "Some are {n}, and others are [{o}].",
];

const doing = [
  ["bird", "fly"],
  ["dog", "bark"],
  ["frog", "jump"],
  ["horse", "run"],
  ["bear", "climb"],
  ["duck", "swim"],
].map(([n, o]) => ({ n: n!, o: o! }));
const giving = [
  ["cow", "milk"],
  ["bee", "honey"],
  ["hen", "eggs"],
].map(([g, y]) => ({ g: g!, y: y! }));
const animalTemplates = [
  "A {n} can [{o}].",
  "The {n} in the {p} can [{o}].",
  "What can a {n} do? It can [{o}].",
  "{a} saw a {n}. The {n} began to [{o}].",
  "{a} has a {n}, and it likes to [{o}].",
  "{a} (asked|said): can the {n} [{o}]?",
  "Every {n} can [{o}].",
  "A {g} gives us [{y}].",
  "From the {g} we get [{y}].",
  "The {g} in the {p} gives us [{y}].",
  "{a} has a {g}, so {a} has [{y}].",
  "What does a {g} give us? It gives us [{y}].",
];

const kept = animals.flatMap((n, i) => numbers.slice(2, 10).map((many) => ({ n, ns: plurals[i]!, many })));
const pluralTemplates = [
  "One {n}, {many} [{ns}].",
  "{a} has one {n}, and {b} has {many} [{ns}].",
  "The {n} is in the {p}, and the {ns} [are] in the {q}.",
  "The {ns} are in the {p}, and the {n} [is] in the {q}.",
  "There is one {n}, and there [are] {many} [{ns}].",
  "There were {many} {ns} in the {p}, but only one [{n}].",
  "The {n} of {a} and {b} [is] (big|small|old).",
  "The {ns} of {a} [are] (big|small|old).",
];

const why = [
  { n: "hungry", did: "ate some", o: "bread" },
  { n: "thirsty", did: "drank some", o: "water" },
  { n: "tired", did: "went to", o: "bed" },
  { n: "cold", did: "put on a", o: "coat" },
  { n: "sick", did: "went to the", o: "doctor" },
  { n: "dirty", did: "took a", o: "bath" },
  { n: "bored", did: "played a", o: "game" },
  { n: "sad", did: "began to", o: "cry" },
  { n: "happy", did: "began to", o: "smile" },
];
const whyTemplates = [
  "{a} was {n}, so {a} {did} [{o}].",
  "{a} was {n}. So [{a.he}] {did} [{o}].",
  "When {a} was {n}, [{a.he}] {did} [{o}].",
  "{a} {did} {o} because [{a.he}] was [{n}].",
  "Why did {a} do it? {a} {did} {o} because [{a.he}] was [{n}].",
  "In the {p} {a} was {n} and {did} [{o}].",
  "{a} and {b} were {n}, so they {did} [{o}].",
  "{a} and {b} {did} {o} because they were [{n}].",
  "(Today|Yesterday) {a} was {n} and {did} [{o}].",
  "{b} was well, but {a} was {n}. So {a} {did} [{o}].",
];

export const factsSaid = {
  opposites: { templates: oppositeTemplates, facts: bothWays },
  animals: { templates: animalTemplates, facts: [...doing, ...giving] },
  plurals: { templates: pluralTemplates, facts: kept },
  reasons: { templates: whyTemplates, facts: why },
};

export const facts = [
  factKind("opposites", 5, factsSaid.opposites),
  factKind("animals", 3, factsSaid.animals),
  factKind("plurals", 4, factsSaid.plurals),
  factKind("reasons", 4, factsSaid.reasons),
];
