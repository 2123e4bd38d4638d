import type { LitElement, PropertyDeclaration } from "lit";
import { property } from "lit/decorators.js";
import { propertyReaders } from "../../lesson/settings.ts";

/** Where an element keeps the values of its properties. */
interface Values {
  get: (name: string) => unknown;
  set: (name: string, value: unknown) => void;
}

const kept = new WeakMap<LitElement, Values>();

type Readers = typeof propertyReaders;

/** Says where the values are kept, before the first is set; then sets all to their defaults. */
export function keepProperties(element: LitElement, values: Values): void {
  kept.set(element, values);
  for (const name of Object.keys(propertyReaders)) Reflect.set(element, name, undefined);
}

/** A property whose reader says what it becomes when it is set, and its default. Its value is kept where it is used. */
export function readProperty(options: PropertyDeclaration) {
  return <Name extends keyof Readers>(
    prototype: LitElement,
    name: Name,
    _: TypedPropertyDescriptor<ReturnType<Readers[Name]>>, // holds its type to the reader's
  ) => {
    const read: (value: unknown) => unknown = propertyReaders[name];
    Object.defineProperty(prototype, name, {
      configurable: true, // Lit makes a property of it that asks for updates
      get(this: LitElement) {
        return kept.get(this)!.get(name);
      },
      set(this: LitElement, value: unknown) {
        kept.get(this)!.set(name, read(value));
      },
    });
    return property(options)(prototype, name);
  };
}

/** A boolean attribute: present or not. What it says counts only where that is "false". */
export const presence = {
  fromAttribute: (text: string | null) => text !== null && (text || true),
  toAttribute: (value: unknown) => (value ? "" : null),
};
