// The browser that the page is tried in: Debian's chromium, or whichever `CHROMIUM` names.

import { accessSync, constants } from "node:fs";

import { chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The program; `null` where there is none. */
export function program() {
  const isThere = (path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  const named = process.env.CHROMIUM;
  return named ? named : (PLACES.find(isThere) ?? null);
}

export const launch = () =>
  chromium.launch({
    executablePath: program(),
    // Containers run tests as root, where the browser's own sandbox cannot be made.
    args: ["--no-sandbox", "--disable-component-update", "--disable-background-networking"],
  });
