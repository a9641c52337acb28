// What the elements have in common: a document of theirs in a shadow root, which is opened wherever it is folded when it is printed.

/** An element that shows a document. */
export abstract class DocumentElement extends HTMLElement {
  /** What printing has opened. */
  #opened: HTMLDetailsElement[] = [];

  constructor(styles: CSSStyleSheet[]) {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = styles;
  }

  connectedCallback(): void {
    addEventListener("beforeprint", this.#open);
    addEventListener("afterprint", this.#close);
  }

  disconnectedCallback(): void {
    removeEventListener("beforeprint", this.#open);
    removeEventListener("afterprint", this.#close);
  }

  /** Paper has no folds to open. */
  #open = (): void => {
    this.#opened = [...(this.shadowRoot?.querySelectorAll<HTMLDetailsElement>("details:not([open])") ?? [])];
    for (const details of this.#opened) details.open = true;
  };

  #close = (): void => {
    for (const details of this.#opened) details.open = false;
    this.#opened = [];
  };
}
