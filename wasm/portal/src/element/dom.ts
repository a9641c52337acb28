// Elements made by calls: values of bills become text and never markup, so a page needs no escaping.

export type Child = Node | string | null | false | undefined | readonly Child[];

type Props = Readonly<Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>>;

/** An element with attributes, listeners (`onclick`) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, props?: Props | null, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child as readonly Child[]);
    else if (child !== null && child !== false && child !== undefined) element.append(child as Node | string);
  }
}

const SVG = "http://www.w3.org/2000/svg";

/** Shapes of signs, in a square of 20. */
const SIGNS = { sound: "M4 10.5 8.2 14.7 16.2 5.8", care: "M10 3.2 17.6 16.6H2.4ZM10 8.2v4M10 14.2v.4" };

/** A drawn sign beside words: hidden from screen readers, since the words are there. */
export function icon(sign: keyof typeof SIGNS): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of [["viewBox", "0 0 20 20"], ["class", "icon"], ["aria-hidden", "true"], ["focusable", "false"]]) {
    svg.setAttribute(name as string, value as string);
  }
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", SIGNS[sign]);
  svg.append(shape);
  return svg;
}

/** A length that depends on data: set by script, since a policy may forbid style attributes. */
export function sized<E extends HTMLElement>(element: E, property: string, value: string): E {
  element.style.setProperty(property, value);
  return element;
}

/** A style sheet for a shadow root: made by script, it needs no exception from a page's policy. */
export function sheet(css: string): CSSStyleSheet {
  const styles = new CSSStyleSheet();
  styles.replaceSync(css);
  return styles;
}

let made = 0;

/** An id that nothing else in the document has. */
export const unique = (stem: string): string => `${stem}-${(made += 1)}`;

/** A part of a page under its own heading. */
export function section(title: string, look: string, ...children: Child[]): HTMLElement {
  const id = unique("heading");
  return h("section", { class: look, "aria-labelledby": id }, h("h3", { id }, title), ...children);
}
