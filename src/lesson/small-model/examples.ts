/** A prompt whose next token can be known, and what to look for. All are held out: such a pair, or such a sentence, was never trained on. */
export interface Example {
  /** As in the record of the training. */
  readonly kind: string;
  readonly name: string;
  readonly prompt: string;
  /** The text of the token that follows. */
  readonly answer: string;
  readonly look: string;
}

export interface ExampleGroup {
  readonly name: string;
  readonly examples: readonly Example[];
}

export const exampleGroups: readonly ExampleGroup[] = [
  {
    name: "Look it up in the text",
    examples: [
      {
        kind: "gifts",
        name: "Who gets the gift",
        prompt: "When Sarah and Jack went to the museum, Jack brought the drum to",
        answer: " Sarah",
        look: "Two people, and one of them gives: the answer is the name that was not said again.",
      },
      {
        kind: "who-has",
        name: "Who has what",
        prompt:
          "The map is what Emily likes. The shell is what Eva likes. The clock is what Peter likes. And who likes the map?",
        answer: " Emily",
        look: "The question names a thing: the model has to find where it stood, and the person who came with it.",
      },
      {
        kind: "who-is",
        name: "Who is where",
        prompt:
          "Anna sits in the shop. Mary sings in the garden. Yes, Anna is in the shop. Now where is Mary? In the",
        answer: " garden",
        look: "The same with people and places: first the name is looked up, then what was said of it.",
      },
      {
        kind: "colors",
        name: "What color it is",
        prompt: "The flag is yellow. The bag is black. The coin is white. What color is the flag? It is",
        answer: " yellow",
        look: "Three colors are in the text, and all are likely before the model can look things up.",
      },
      {
        kind: "turned-round",
        name: "The other way round",
        prompt: "Jane sees the stone. Paul sees the rope. Jack sees the key. Now who sees the rope?",
        answer: " Paul",
        look: "Here the name was said before the thing, so the thing would have to keep whose it is. This model has not learned that: it names one of the three, and is right hardly more often than who guesses.",
      },
      {
        kind: "comparisons",
        name: "Who is taller",
        prompt: "Amy is much younger than Max. Then Max is older than",
        answer: " Amy",
        look: "What was said has to be turned round: of two names the one that is not being spoken of.",
      },
      {
        kind: "stories",
        name: "A story",
        prompt: "Jack hid the card in the garden. Paul ran to the garden and took the",
        answer: " card",
        look: "Names, things and places stay what they are from one sentence to the next.",
      },
    ],
  },
  {
    name: "Copy it",
    examples: [
      {
        kind: "lists",
        name: "A list, said twice",
        prompt: "Words: pig rabbit card box. Again: pig rabbit card",
        answer: " box",
        look: "Two heads do this together: one notes what stood before each word, one looks for the same word earlier and takes what followed.",
      },
      {
        kind: "pairs",
        name: "Pairs, in another order",
        prompt: "Say: Peter clock. Bob coat. Alice coin. Repeat: Alice coin. Peter",
        answer: " clock",
        look: "A question without its words: what came with this name? Counting does not help, since the order is another.",
      },
      {
        kind: "patterns",
        name: "A pattern",
        prompt: "Write: purple, dog, flag, purple, dog, flag, purple,",
        answer: " dog",
        look: "Copying again, of something that no text for training has said.",
      },
    ],
  },
  {
    name: "Know it",
    examples: [
      {
        kind: "days",
        name: "Days",
        prompt: "Tomorrow is Monday. Today is",
        answer: " Sunday",
        look: "Nothing in the text says it: the order of the days is in the weights.",
      },
      {
        kind: "months",
        name: "Months",
        prompt: "List: June, July, August,",
        answer: " September",
        look: "The next month depends on the last one alone, not on how many were said.",
      },
      {
        kind: "numbers",
        name: "Numbers",
        prompt: "Lisa has seven cups. Lisa gets one more. Now Lisa has",
        answer: " eight",
        look: "The model cannot count: it has learned which word follows which.",
      },
      {
        kind: "letters",
        name: "Letters",
        prompt: "First U, then V, then",
        answer: " W",
        look: "The alphabet, as a table of 25 neighbors.",
      },
      {
        kind: "sums",
        name: "A sum",
        prompt: "What is 5 + 5? It is",
        answer: " 10",
        look: "A table of a hundred sums, learned by heart. This sentence was never said of these numbers.",
      },
      {
        kind: "opposites",
        name: "An opposite",
        prompt: "The opposite of cold is",
        answer: " hot",
        look: "The likeliest ten are adjectives long before the right one is the first.",
      },
      {
        kind: "animals",
        name: "What animals do",
        prompt: "The horse in the park can",
        answer: " run",
        look: "A fact, in a sentence that was never said of this animal.",
      },
    ],
  },
  {
    name: "Say it right",
    examples: [
      {
        kind: "he-and-she",
        name: "He or she",
        prompt: "Sam found a stone in the hall. Soon",
        answer: " he",
        look: "Which names are boys' and which are girls' is nowhere in the text.",
      },
      {
        kind: "plurals",
        name: "One and many",
        prompt: "There is one horse, and there are seven",
        answer: " horses",
        look: "Number and noun agree: the token for many is another token than the one for one.",
      },
      {
        kind: "reasons",
        name: "Why",
        prompt: "In the tower Jane was happy and began to",
        answer: " smile",
        look: "What people do follows from how they are, whoever they are and wherever.",
      },
    ],
  },
];

export const examples: readonly Example[] = exampleGroups.flatMap((group) => group.examples);
