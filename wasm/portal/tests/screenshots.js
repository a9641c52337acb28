// Pictures of the page in every state that a reader sees, for people to look at: `npm run screenshots`.

import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { launch } from "./chromium.js";
import { pathOf, savings } from "./program.js";
import { answered, visit } from "./visit.js";

const folder = fileURLToPath(new URL("../dist/screenshots/", import.meta.url));
await mkdir(folder, { recursive: true });
const browser = await launch();
const SCREENS = { desktop: { viewport: { width: 1280, height: 900 } }, phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 } };

for (const [screen, options] of Object.entries(SCREENS)) {
  for (const colorScheme of ["light", "dark"]) {
    const { page, close } = await visit(browser, "single", { ...options, colorScheme });
    const take = (name, fullPage = true) => page.screenshot({ path: `${folder}${name}-${screen}-${colorScheme}.png`, fullPage });
    await take("empty", false);
    await page.click("#sample");
    await answered(page, "headroom-scorecard .headline");
    await page.locator("headroom-report canvas").waitFor();
    await take("top", false);
    await page.locator("headroom-report .story").nth(2).locator("summary").click();
    await page.locator("headroom-report .story").nth(6).locator("summary").click();
    await page.locator("headroom-report .verdict details summary").click();
    await take("report");
    await page.locator("headroom-scorecard").screenshot({ path: `${folder}scorecard-${screen}-${colorScheme}.png` });
    await page.setInputFiles("#choose", ["workloads.toml", ...savings()].map(pathOf));
    await answered(page, "headroom-report .actions");
    const part = async (name, selector) => {
      await page.locator(selector).first().scrollIntoViewIfNeeded();
      await page.locator(selector).first().screenshot({ path: `${folder}${name}-${screen}-${colorScheme}.png` });
    };
    await part("actions", "headroom-report .actions");
    await part("environments", "headroom-report .environments");
    await page.fill("#supposed", "soon checkout traffic+20%");
    await page.press("#supposed", "Enter");
    await page.locator("#supposed-wrong b").waitFor();
    await part("what-if-wrong", "#what-if");
    await page.fill("#supposed", "2026-06-20 checkout traffic+60%");
    await page.press("#supposed", "Enter");
    await page.locator("#what-if li").waitFor();
    await answered(page, "headroom-capacity .headline");
    await part("what-if", "#what-if");
    await page.click("#forecast");
    await answered(page, "#outlook .headline");
    await page.locator("#outlook canvas").waitFor();
    await part("forecast", "#outlook");
    await page.locator("#lines canvas").waitFor();
    await part("series", "#lines");
    await page.locator("headroom-capacity canvas").first().waitFor();
    await part("capacity", "headroom-capacity");
    await page.evaluate(() => scrollTo(0, 0));
    await take("whole");
    await page.selectOption("#only-squad", "search");
    await page.locator("headroom-report .owner").waitFor();
    await answered(page);
    await page.click("#files > summary");
    await page.evaluate(() => scrollTo(0, 0));
    await take("filtered", false);
    await page.setInputFiles("#choose", { name: "notes.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") });
    await page.locator("#failure .message").waitFor();
    await page.click("#files > summary");
    await page.evaluate(() => scrollTo(0, 0));
    await take("failure", false);
    await close();
  }
}
await browser.close();
console.log(folder);
