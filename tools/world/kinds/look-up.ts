import { castKind, type Sentence } from "../kind.ts";

/** Texts that say something of two or three people or things, and then ask for one of them. */

/** "When Lily and Max went to the garden, Max gave the bell to" -> Lily: the name that was not said again. */
const meetings = [
  "When {a} and {b} (went|walked|ran|came) to the {p}, ",
  "After {a} and {b} (went|walked|came back) to the {p}, ",
  "When {a} and {b} (were|met|played|sat) in the {p}, ",
  "{a} and {b} (were|met|played|sat) in the {p}. (Then|Later|Soon) ",
  "(One day|Today|Yesterday) {a} and {b} (went|walked|ran) to the {p}. (Then|There) ",
];
const gifts = meetings.flatMap((meeting) =>
  [
    ["{b}", "{a}"],
    ["{a}", "{b}"],
  ].flatMap(([giver, taker]): Sentence[] => {
    const gift = `${meeting}${giver} (gave|handed|passed|showed|brought) (the|a|one) {t} to [${taker}]`;
    return [
      { template: `${gift}.`, asked: ["a", "b"] },
      { template: `${gift}. (So|Then) ${taker} (thanked|smiled at) [${giver}].`, asked: ["a", "b"] },
    ];
  }),
);

/**
 * Statements about two or three, in the slots of `who` and `what`, and then two of them in turn: asked about, or only said
 * again. To say it again is to copy, which is learned first, and what looks things up grows out of it; it is no task.
 */
function askBack(
  statements: readonly (readonly [who: string, what: string])[],
  say: (who: string, what: string) => string,
  forms: readonly ((who: string, what: string) => string)[],
): Sentence[] {
  const said = statements.map((statement) => fill(say, statement));
  const joined = said.join(" and ").replace(" and The", " and the");
  const told = [`${said.join(". ")}. `, ...(said.length === 2 ? [`${joined}. `] : [])];
  const sentences = told.flatMap((story) =>
    forms.flatMap((first) =>
      forms.flatMap((second) =>
        statements.map((statement, i): Sentence => {
          const other = statements[(i + 1) % statements.length]!;
          const questions = `${fill(first, statement)} ${fill(second, other)}`;
          return { template: story + questions, asked: [...statement, ...other] };
        }),
      ),
    ),
  );
  return sentences.filter(({ template }) => template.includes("["));
}

const fill = (form: (who: string, what: string) => string, [who, what]: readonly [string, string]) =>
  form(`{${who}}`, `{${what}}`);

const pairsOf = (who: string, what: string) => [...who].map((slot, i) => [slot, what[i]!] as const);
const twoOrThree = (
  who: string,
  what: string,
  ...rest: [Parameters<typeof askBack>[1], Parameters<typeof askBack>[2]]
) => [2, 3, 3].flatMap((count) => askBack(pairsOf(who.slice(0, count), what.slice(0, count)), ...rest));

const has = [
  ["has", "have"],
  ["likes", "like"],
  ["wants", "want"],
  ["sees", "see"],
].flatMap(([has, have]) =>
  twoOrThree("abc", "tuv", (who, what) => `${who} ${has} (the|a) ${what}`, [
    (who, what) => `(Who ${has}|The one who ${has}|Now who ${has}) the ${what}? [${who}].`,
    (who, what) => `(What does|And what does) ${who} ${have}? The [${what}].`,
    (who, what) => `(So|Yes,|Again,) ${who} ${has} the ${what}.`,
  ]),
);

const where = twoOrThree("abc", "pqr", (who, what) => `${who} (is|sits|waits|plays|sings) in the ${what}`, [
  (who, what) => `(Who is|And who is|Now who is) in the ${what}? [${who}].`,
  (who, what) => `(Where is|And where is|Now where is) ${who}? In the [${what}].`,
  (who, what) => `(So|Yes,|Again,) ${who} is in the ${what}.`,
]);

const colored = twoOrThree("tuv", "klm", (what, color) => `The ${what} is ${color}`, [
  (what, color) => `(What color is|And what color is) the ${what}? It is [${color}].`,
  (what, color) => `(What is|And what is|Which one is) ${color}? The [${what}].`,
  (what, color) => `(So|Yes,|Again,) the ${what} is ${color}.`,
]);

const compared = [
  ["taller", "shorter"],
  ["older", "younger"],
  ["faster", "slower"],
  ["stronger", "weaker"],
]
  .flatMap(([more, less]) => [
    [more, less],
    [less, more],
  ])
  .flatMap(([more, less]) => [
    `{a} is (|much |a little )${more} than {b}. (Who|And who) is ${more}? [{a}].`,
    `{a} is (|much |a little )${more} than {b}. (Who|And who) is ${less}? [{b}].`,
    `{a} is (|much |a little )${more} than {b}. (So|Then) {b} is ${less} than [{a}].`,
    `{a} is (|much |a little )${more} than {b}. (So|Then) {b} is ${less} than [{a}]. Who is ${less}? [{b}].`,
    `{a} is (|much |a little )${more} than {b}. (So|Then) {b} is ${less} than [{a}]. Who is ${more}? [{a}].`,
  ])
  .map((template): Sentence => ({ template, asked: ["a", "b"] }));

export const lookUp = [
  castKind("gifts", 10, gifts),
  castKind("who-has", 20, has),
  castKind("who-is", 16, where),
  castKind("colors", 9, colored),
  castKind("comparisons", 9, compared),
];
