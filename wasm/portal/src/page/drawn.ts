// When the page is drawn and has nothing else to do.

/** What is started later than that would be missed. */
const AT_LAST = 300;

/** A while in which a page is drawn, where the browser does not tell. */
const A_WHILE = 50;

export function drawn(): Promise<void> {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(() => resolve(), { timeout: AT_LAST });
    else setTimeout(resolve, A_WHILE);
  });
}
