import { castKind, type Sentence } from "../kind.ts";

/** Small stories, in which people stay who they are: she and he, her and him, and what was said of them before. */

const heAndShe: Sentence[] = [
  "{a} went to the {p} because [{a.he}] (wanted|needed|liked) (the|a) {t}.",
  "{a} (has|wants|likes|found|lost) (the|a) {t}, and [{a.he}] (is|feels) (happy|sad|tired|well).",
  "{a} (ran|walked|went) to the {p}. There [{a.he}] (found|saw|lost) (the|a) {t}.",
  "{a} (found|saw|took|bought) (the|a) {t} in the {p}. (Then|Soon) [{a.he}] (went|walked|ran) home.",
  "(One day|Today|Yesterday) {a} went to the {p}. [{a.He}] (saw|met|heard) a {z} there. The {z} (was|looked) (big|small|happy|sad), and [{a.he}] (liked|loved|kept) it.",
  "(One day|Today|Yesterday) {a} lost (the|a) {t}. [{a.He}] looked in the {p}, but [{a.he}] did not find it.",
  "When {a} came home, [{a.he}] put the {t} on the (table|chair|bed|floor).",
  "{a} (sat|slept|played|waited) in the {p} with [{a.his}] {z}. [{a.He}] (loves|likes) the {z}.",
  "{a} has a {z}. The {z} (sleeps|plays|sits) in the {p}. [{a.He}] (gives|brings) it (water|bread) (every|each) day.",
  "{x} (asked|told) {a} about the {t}, because {a} had it. [{x.He}] (thanked|smiled at) [{a.him}].",
  "{a} (met|saw|called) {x} in the {p}, and [{a.he}] gave [{x.him}] the {t}.",
  "{a} (likes|loves) {x} because [{x.he}] is (kind|funny|good). So [{a.he}] gives [{x.him}] a {t}.",
  "{x} is a friend of {a}. [{x.He}] (plays|sings|sits) with [{a.him}] in the {p}.",
  "{a} and {x} (went|walked|ran) to the {p}. {a} said that [{a.he}] was (tired|cold|happy), and {x} gave [{a.him}] a {t}.",
].map((template) => ({
  template,
  asked: template.includes("{x") ? ["a", "x"] : template.includes("{p}") ? ["a", "p"] : ["a", "t"],
}));

/** Names, things and places that come back. */
const comeBack: Sentence[] = [
  "{a} lost the {t} in the {p}. {b} went to the [{p}] and found the [{t}]. Then {b} gave the [{t}] to [{a}].",
  "{a} (put|left|kept|hid) the {t} in the {p}. {b} (went|walked|ran) to the [{p}] and took the [{t}].",
  "{a} (wanted|needed) the {t}, but {b} had it. So {a} asked [{b}] for the [{t}].",
  "{a} (said|called): {b}, where is the {t}? It is in the {p}, said [{b}]. So {a} looked in the [{p}].",
  "{a} has the {t}. {b} has the {u}. {a} gives the [{t}] to [{b}], and {b} gives the [{u}] to [{a}].",
  "(One day|Today|Yesterday) {a} met a {z} in the {p}. {a} (liked|fed|called) the [{z}]. Then the [{z}] (sat|played|slept) with [{a}] in the [{p}].",
  "{a} and {b} are friends. {a} (calls|helps|sees|likes) [{b}], and {b} (calls|helps|sees|likes) [{a}].",
  "{a} (has|found|bought) a {k} {t}. {b} asked: is your [{t}] {k}? Yes, said [{a}], the [{t}] is [{k}].",
].map((template) => ({ template, asked: template.includes("{b}") ? ["a", "b"] : ["a", "z"] }));

export const stories = [castKind("he-and-she", 12, heAndShe), castKind("stories", 9, comeBack)];
