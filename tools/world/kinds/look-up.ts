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
 * Statements about two or three, in the slots of `who` and `what`, and then questions: one about two statements, since the
 * second would be about the one that is left, and two about three, of which the second may be about either of the others.
 * In place of a question a statement may be said again: that is to copy, which is learned first, and what looks things up
 * grows out of it; it is no task.
 */
function askBack(statements: readonly Statement[], say: Form, forms: readonly Form[]): Sentence[] {
  const said = statements.map((statement) => fill(say, statement));
  const joined = said.join(" and ").replace(/ and (The|In)/g, (word) => word.toLowerCase());
  const told = [`${said.join(". ")}. `, ...(said.length === 2 ? [`${joined}. `] : [])];
  const once = statements.flatMap((statement) =>
    forms.map((form): Sentence => ({ template: fill(form, statement), asked: statement })),
  );
  const twice = once.flatMap((first) =>
    once
      .filter((second) => second.asked !== first.asked)
      .map(
        (second): Sentence => ({
          template: `${first.template} ${second.template}`,
          asked: [...first.asked, ...second.asked],
        }),
      ),
  );
  return told.flatMap((story) =>
    (statements.length === 2 ? once : twice)
      .filter(({ template }) => template.includes("["))
      .map(({ template, asked }) => ({ template: story + template, asked })),
  );
}

type Statement = readonly [who: string, what: string];
type Form = (who: string, what: string) => string;

const fill = (form: Form, [who, what]: Statement) => form(`{${who}}`, `{${what}}`);

/** What is said, and the questions to it, from `who` to `what` or the other way round. */
interface Direction {
  readonly say: Form;
  readonly ask: Form;
  readonly sayAgain: Form;
}

const twoOrThree = (who: string, what: string, say: Form, forms: readonly Form[]) =>
  [2, 3].flatMap((count) => {
    const statements = Array.from({ length: count }, (_, i): Statement => [who[i]!, what[i]!]);
    return askBack(statements, say, forms);
  });

/** Asked in the order in which it was said: "Lily has the key" for the key, "The key is with Lily" for Lily. */
const inOrder = (who: string, what: string, directions: readonly [Direction, Direction]) =>
  directions.flatMap(({ say, ask, sayAgain }) => twoOrThree(who, what, say, [ask, sayAgain]));

/**
 * Asked in the other order: "Lily has the key" for Lily. Who reads from left to right cannot know, at Lily, what will be said
 * of her; to answer this, the key has to keep whose it is. That takes one look-up more, and is learned much later, if at all.
 */
const turnedRound = (who: string, what: string, [one, other]: readonly [Direction, Direction]) => [
  ...twoOrThree(who, what, one.say, [other.ask]),
  ...twoOrThree(who, what, other.say, [one.ask]),
];

const has = [
  ["has", "have"],
  ["likes", "like"],
  ["wants", "want"],
  ["sees", "see"],
].map(([has, have]): [Direction, Direction] => [
  {
    say: (who, what) => `${who} ${has} (the|a) ${what}`,
    ask: (who, what) => `(What does|And what does) ${who} ${have}? The [${what}].`,
    sayAgain: (who, what) => `(So|Yes,|Again,) ${who} ${has} the ${what}.`,
  },
  {
    say: (who, what) => `The ${what} is what ${who} ${has}`,
    ask: (who, what) => `(Who ${has}|And who ${has}|Now who ${has}) the ${what}? [${who}].`,
    sayAgain: (who, what) => `(So|Yes,|Again,) the ${what} is what ${who} ${has}.`,
  },
]);

const where: [Direction, Direction] = [
  {
    say: (who, what) => `${who} (is|sits|waits|plays|sings) in the ${what}`,
    ask: (who, what) => `(Where is|And where is|Now where is) ${who}? In the [${what}].`,
    sayAgain: (who, what) => `(So|Yes,|Again,) ${who} is in the ${what}.`,
  },
  {
    say: (who, what) => `In the ${what} (is|sits|waits|plays|sings) ${who}`,
    ask: (who, what) => `(Who is|And who is|Now who is) in the ${what}? [${who}].`,
    sayAgain: (who, what) => `(So|Yes,|Again,) in the ${what} is ${who}.`,
  },
];

const colored: [Direction, Direction] = [
  {
    say: (what, color) => `The ${what} is ${color}`,
    ask: (what, color) => `(What color is|And what color is) the ${what}? It is [${color}].`,
    sayAgain: (what, color) => `(So|Yes,|Again,) the ${what} is ${color}.`,
  },
  {
    say: (what, color) => `The ${color} one is the ${what}`,
    ask: (what, color) => `(What is|And what is|Which one is) ${color}? The [${what}].`,
    sayAgain: (what, color) => `(So|Yes,|Again,) the ${color} one is the ${what}.`,
  },
];

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
  castKind(
    "who-has",
    20,
    has.flatMap((directions) => inOrder("abc", "tuv", directions)),
  ),
  castKind("who-is", 16, inOrder("abc", "pqr", where)),
  castKind("colors", 9, inOrder("tuv", "klm", colored)),
  castKind("turned-round", 8, [
    ...has.flatMap((directions) => turnedRound("abc", "tuv", directions)),
    ...turnedRound("abc", "pqr", where),
  ]),
  castKind("comparisons", 9, compared),
];
