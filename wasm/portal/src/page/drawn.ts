// When the page is drawn and has nothing else to do.

/** Milliseconds after which the page is not waited for any longer. */
const AT_LAST = 300;

/** Milliseconds in which a page is drawn, where the browser does not tell when it is. */
const A_WHILE = 50;

export function drawn(): Promise<void> {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(() => resolve(), { timeout: AT_LAST });
    else setTimeout(resolve, A_WHILE);
  });
}
