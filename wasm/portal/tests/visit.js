// A visit to a build of the page: what it asks the network for, what it says on the console, what its policy refuses.

import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

import { serve } from "./server.js";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

/** The two builds: how each is opened. */
export const BUILDS = {
  hosted: async () => {
    const { origin, close } = await serve(`${dist}hosted`);
    return { url: `${origin}/`, isOwn: (url) => url.startsWith(`${origin}/`), offline: false, close };
  },
  single: async () => {
    const url = pathToFileURL(`${dist}headroom.html`).href;
    // The document itself is read from disk; the worker is made of a blob.
    return { url, isOwn: (asked) => asked === url || asked.startsWith("blob:"), offline: true, close: async () => {} };
  },
};

/** Opens a build with a fresh profile. */
export async function visit(browser, name, options = {}) {
  const build = await BUILDS[name]();
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.setOffline(build.offline);
  const asked = [];
  const said = [];
  context.on("request", (request) => asked.push(request.url()));
  await context.addInitScript(() => {
    globalThis.refused = [];
    addEventListener("securitypolicyviolation", (event) => globalThis.refused.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  const page = await context.newPage();
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.stack}`));
  await page.goto(build.url);
  return {
    page,
    /** What speaks against the page: foreign requests, console lines, refusals of the policy. */
    complaints: async () => [
      ...asked.filter((url) => !build.isOwn(url)),
      ...said,
      ...(await page.evaluate(() => globalThis.refused)),
    ],
    asked,
    close: async () => {
      await context.close();
      await build.close();
    },
  };
}

/** Sets the day of asking before there are files, when nobody sees it. */
export async function askedOn(page, day) {
  await page.evaluate((day) => {
    const input = document.querySelector("#as-of");
    input.value = day;
    input.dispatchEvent(new Event("change"));
  }, day);
}

/** Drops files, as a desktop does. */
export async function drop(page, files) {
  const contents = files.map(({ name, path }) => ({ name, base64: readFileSync(path).toString("base64") }));
  const transfer = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    return transfer;
  }, contents);
  for (const type of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("#drop", type, { dataTransfer: transfer });
}

/** Waits until an answer is shown; fails with what the page says instead. */
export async function answered(page, selector = "headroom-report .headline") {
  const failed = page.locator("#failure .message").waitFor({ timeout: 60_000 }).then(async () => {
    throw new Error(`the page says: ${await page.locator("#failure").innerText()}`);
  });
  failed.catch(() => {});
  await Promise.race([page.locator(selector).first().waitFor({ timeout: 60_000 }), failed]);
  await page.waitForFunction(() => !document.querySelector("#result").hasAttribute("aria-busy"));
}

/** The bytes behind an export button. */
export async function exported(page, id) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`#${id}`).click()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}
