import { noChange } from "lit";
import { Directive, directive, type ElementPart, type PartInfo, PartType } from "lit/directive.js";

/** CSS properties by name; undefined takes one away. */
type Properties = Readonly<Record<string, string | number | undefined>>;

class PropertiesDirective extends Directive {
  #before: Properties = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT)
      throw new Error("properties() stands in a tag, beside its attributes.");
  }

  render(_: Properties) {
    return noChange;
  }

  override update({ element }: ElementPart, [properties]: [Properties]) {
    const { style } = element as HTMLElement | SVGElement;
    for (const name of Object.keys({ ...this.#before, ...properties })) {
      const value = properties[name];
      if (value === this.#before[name]) continue;
      if (value === undefined) style.removeProperty(name);
      else style.setProperty(name, String(value));
    }
    this.#before = properties;
    return noChange;
  }
}

/**
 * Sets CSS properties of the tag that it stands in: `` html`<div ${properties({ "--tokens": 4 })}>` ``. A template never
 * writes a `style` attribute, which the page's policy refuses (tools/csp.ts), and Lit's own `styleMap` writes one when it
 * first renders; a property set by script is refused by no policy.
 */
export const properties = directive(PropertiesDirective);
