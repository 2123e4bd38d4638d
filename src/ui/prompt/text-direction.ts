/** From here on `auto`, for which a browser lays out each paragraph by its own letters, takes ten times as long: seconds for a megabyte. */
const LONG = 20_000;

const rightToLeft =
  /\p{Script=Arabic}|\p{Script=Hebrew}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Script=Nko}|\p{Script=Adlam}/u;

/** The `dir` of a field for `text`. In a long text the first letter decides for all paragraphs. */
export function textDirection(text: string): "auto" | "ltr" | "rtl" {
  if (text.length <= LONG) return "auto";
  const [letter = ""] = /\p{L}/u.exec(text) ?? [];
  return rightToLeft.test(letter) ? "rtl" : "ltr";
}
