// The elements under their names; loading this module is all that a page has to do.

import { HeadroomReport } from "./report-element.js";
import { HeadroomScorecard } from "./scorecard-element.js";

const ELEMENTS = { "headroom-report": HeadroomReport, "headroom-scorecard": HeadroomScorecard };

for (const [name, element] of Object.entries(ELEMENTS)) {
  if (!customElements.get(name)) customElements.define(name, element);
}

declare global {
  interface HTMLElementTagNameMap {
    "headroom-report": HeadroomReport;
    "headroom-scorecard": HeadroomScorecard;
  }
}

export { HeadroomReport, HeadroomScorecard };
