/** One mode's colours. `palette.test.ts` checks the contrast of every pair that meets on the page. */
export interface Palette {
  /** The background of everything. */
  paper: string;
  /** A quiet surface: token chips, fields, the head of a table. */
  wash: string;
  /** Text. */
  ink: string;
  /** Text that explains; ids under the chips. */
  soft: string;
  /** Hairlines that only group; never the edge of something one can press. */
  line: string;
  /** Edges of buttons and fields. */
  edge: string;
  /** Bars and marks of a chart. */
  bar: string;
  /** The full end of a scale from nothing to one, in a single hue; less is more of the paper. */
  heat: string;
  /** What was just decided, and nothing else. */
  accent: string;
  accentWash: string;
  /** Text on the accent. */
  onAccent: string;
  /** Highlighted code; comments are `soft`, all else `ink`. */
  codeKeyword: string;
  codeType: string;
  codeNumber: string;
  codeString: string;
  codeFunction: string;
}

export const light: Palette = {
  paper: "#ffffff",
  wash: "#f2f4f6",
  ink: "#17212b",
  soft: "#52606d",
  line: "#d5dbe1",
  edge: "#768491",
  bar: "#7492b0",
  heat: "#0f3d6b",
  accent: "#b04600",
  accentWash: "#fdeee2",
  onAccent: "#ffffff",
  codeKeyword: "#1d4f91",
  codeType: "#0b6466",
  codeNumber: "#7a3a86",
  codeString: "#38662a",
  codeFunction: "#4a3f9f",
};

export const dark: Palette = {
  paper: "#12171c",
  wash: "#1d252d",
  ink: "#e8edf2",
  soft: "#a3b0bd",
  line: "#303a44",
  edge: "#73828f",
  bar: "#6386a8",
  heat: "#a6d0f8",
  accent: "#ff9a57",
  accentWash: "#3a2414",
  onAccent: "#1c0e03",
  codeKeyword: "#8fbcf2",
  codeType: "#74c9c6",
  codeNumber: "#d7a5e2",
  codeString: "#a3cf90",
  codeFunction: "#b9b2f7",
};
