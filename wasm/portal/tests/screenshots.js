// Pictures of the page in every state that a reader sees, for people to look at: `npm run screenshots`.

import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { launch } from "./chromium.js";
import { ROOM, pathOf } from "./program.js";
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
    await page.click("#forecast");
    await answered(page, "headroom-forecast .headline");
    await page.locator("headroom-forecast canvas").waitFor();
    await page.locator("headroom-forecast").screenshot({ path: `${folder}forecast-${screen}-${colorScheme}.png` });
    await page.setInputFiles("#choose", ROOM.map(pathOf));
    await answered(page, "headroom-capacity .headline");
    await page.locator("headroom-capacity canvas").first().waitFor();
    await page.locator("headroom-capacity").screenshot({ path: `${folder}capacity-${screen}-${colorScheme}.png` });
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
