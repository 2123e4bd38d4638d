/** Where text is typed. */
const TEXT =
  "textarea, input:not([type=checkbox], [type=radio], [type=range], [type=file], [type=button], [type=submit])";

const caretKeys =
  /^(Arrow(Left|Right|Up|Down)|Home|End|PageUp|PageDown|Backspace|Delete|Insert|Dead|Compose|Process|Unidentified)$/;
const editingLetters = /^[acvxyz]$/i; // select all, copy, paste, cut, redo, undo
const across = /^Arrow(Left|Right)$/;
const along = /^(Arrow(Up|Down)|PageUp|PageDown|Home|End| )$/;

/** What a browser does itself with a key pressed on a control. */
const native: readonly [controls: string, keys: RegExp][] = [
  ["select", /^(Arrow.+|Home|End|PageUp|PageDown|Enter|.)$/u], // letters look for an option
  ["[type=checkbox]", /^ $/],
  ["[type=radio]", /^(Arrow.+| )$/],
  ["[type=range]", /^(Arrow.+|Home|End|PageUp|PageDown)$/],
  ["button, summary, [type=file], [type=button], [type=submit]", /^(Enter| )$/],
  ["a[href]", /^Enter$/],
];

/** Whether something is typed or chosen by key there, and not only pressed. */
export const takesText = (target: unknown): boolean =>
  target instanceof Element && target.matches(`${TEXT}, select`);

/** Whether the browser itself makes something of this key where it was pressed, by the elements from there to the host. */
export function isUsedNatively(event: KeyboardEvent, path: readonly Element[]): boolean {
  const [target] = path;
  if (!target) return false;
  if (target.matches(TEXT) && isTyped(event)) return true;
  const isModal = path.some((node) => node.matches("dialog:modal")); // the page behind it is inert
  if (isModal && !isCommand(event) && !/^(Tab|F\d+)$/.test(event.key)) return true;
  if (target.matches(TEXT)) return false;
  if (isCommand(event)) return false;
  return (
    native.some(([controls, keys]) => target.matches(controls) && keys.test(event.key)) ||
    path.some((node) => scrolls(node, event.key))
  );
}

/** Whether an input method is at work, whose keys are its own. */
export const isComposed = ({ isComposing, keyCode }: KeyboardEvent): boolean =>
  isComposing || keyCode === 229; // Safari's last key of a composition comes after its end

/** Whether a key writes into a text field, or moves or copies in it. */
function isTyped(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey } = event;
  if (isComposed(event) || caretKeys.test(key)) return true;
  if (key === "Enter") return !isCommand(event);
  if ([...key].length > 1) return false;
  const isThirdLevel = event.getModifierState("AltGraph") || (ctrlKey && altKey); // "@" on many keyboards
  if (isThirdLevel) return true;
  if (ctrlKey || metaKey) return editingLetters.test(key);
  return !altKey || !/^[a-z0-9]$/i.test(key); // on a Mac the option key writes signs, elsewhere it opens menus
}

const isCommand = ({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => ctrlKey || metaKey || altKey;

function scrolls(node: Element, key: string): boolean {
  const isAcross = across.test(key) && node.scrollWidth > node.clientWidth;
  const isAlong = along.test(key) && node.scrollHeight > node.clientHeight;
  if (!isAcross && !isAlong) return false;
  const { overflowX, overflowY } = getComputedStyle(node);
  return /^(auto|scroll)$/.test(isAcross ? overflowX : overflowY);
}
