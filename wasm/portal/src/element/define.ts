// The elements under their names; loading this module is all that a page has to do.

import { HeadroomCapacity } from "./capacity-element.js";
import { HeadroomForecast } from "./forecast-element.js";
import { HeadroomReport } from "./report-element.js";
import { HeadroomScorecard } from "./scorecard-element.js";

const ELEMENTS = {
  "headroom-report": HeadroomReport,
  "headroom-scorecard": HeadroomScorecard,
  "headroom-forecast": HeadroomForecast,
  "headroom-capacity": HeadroomCapacity,
};

for (const [name, element] of Object.entries(ELEMENTS)) {
  if (!customElements.get(name)) customElements.define(name, element);
}

declare global {
  interface HTMLElementTagNameMap {
    "headroom-report": HeadroomReport;
    "headroom-scorecard": HeadroomScorecard;
    "headroom-forecast": HeadroomForecast;
    "headroom-capacity": HeadroomCapacity;
  }
}

export { HeadroomCapacity, HeadroomForecast, HeadroomReport, HeadroomScorecard };
