// `<headroom-scorecard>`: what came of an assessment, on one page.

import type { AssessmentResult } from "headroom-engine/documents";

import { visible } from "../report/names.js";
import * as words from "../scorecard/words.js";
import { DocumentElement } from "./document-element.js";
import { h, icon, section, sheet, type Child } from "./dom.js";
import reportStyles from "./report.css";
import scorecardStyles from "./scorecard.css";
import { table } from "./table.js";
import themeStyles from "./theme.css";

const STYLES = [themeStyles, reportStyles, scorecardStyles].map(sheet);

/** Shows `.data`, a document `headroom/assessment-result/1`. */
export class HeadroomScorecard extends DocumentElement {
  #data: AssessmentResult | null = null;

  constructor() {
    super(STYLES);
  }

  get data(): AssessmentResult | null {
    return this.#data;
  }

  set data(result: AssessmentResult | null) {
    if (result !== null && result.schema !== "headroom/assessment-result/1") {
      throw new TypeError("this is no assessment's result: its `schema` is not `headroom/assessment-result/1`");
    }
    this.#data = result;
    this.shadowRoot?.replaceChildren(...(result === null ? [] : [page(result)]));
  }
}

function page(result: AssessmentResult): HTMLElement {
  const lines = [words.progress(result), words.weakest(result), words.trend(result)].filter((line) => line !== null);
  const cautions = words.cautions(result);
  return h(
    "article",
    { class: "report" },
    h(
      "header",
      { class: "headline" },
      h("h2", null, `${visible(result.framework.title)}, ${visible(result.subject.id)}`),
      h("p", { class: "spent" }, words.headline(result)),
      steps(result),
      lines.map((line) => h("p", null, line)),
      h("p", { class: "quiet" }, `As of ${result.as_of}, a ${visible(result.subject.kind)}.`),
    ),
    cautions.length > 0 &&
      section("Read with care", "care", h("ul", { class: "cautions" }, cautions.map((text) => h("li", null, icon("care"), h("span", null, visible(text)))))),
    actions(result),
    stages(result),
    controls(result),
    open(result),
    sources(result),
  );
}

/** The ladder of levels: certain ones filled, those that unknowns leave possible outlined. */
function steps({ level, stages }: AssessmentResult): Child {
  if (level === null) return null;
  const step = ({ ordinal, name }: words.Stage) => {
    const look = ordinal <= level.confirmed ? "reached" : ordinal <= level.potential ? "possible" : "";
    const isNow = ordinal === level.confirmed;
    return h("li", { class: look, "aria-current": isNow ? "step" : null }, h("b", null, String(ordinal)), h("span", null, visible(name)));
  };
  return h("ol", { class: "steps", "aria-label": "Levels" }, stages.map(step));
}

function actions(result: AssessmentResult): Child {
  if (result.actions.length === 0) return null;
  const items = result.actions.map((action) =>
    h("li", null, h("b", null, visible(action.what)), `: ${visible(action.why)}.`, h("small", null, `${visible(words.actionNotes(action))}.`)),
  );
  return section("Next actions", "actions", h("ol", null, items));
}

function stages(result: AssessmentResult): Child {
  const isPlan = result.level === null;
  const controlsAt = (ordinal: number) => result.distribution.find(({ level }) => level === ordinal)?.controls ?? 0;
  const list = table(
    isPlan ? "Phases" : "Levels",
    [
      { title: isPlan ? "Phase" : "Level", names: true, cell: (stage: words.Stage) => `${stage.ordinal} ${visible(stage.name)}` },
      ...(isPlan
        ? [
            { title: "When", cell: ({ window }: words.Stage) => window ?? "" },
            { title: "State", cell: ({ state }: words.Stage) => (state ?? "").replace("_", " ") },
          ]
        : []),
      { title: "Criteria", cell: words.stageWords },
      ...(isPlan ? [] : [{ title: "Controls at it", figure: true, cell: ({ ordinal }: words.Stage) => String(controlsAt(ordinal)) }]),
    ],
    result.stages,
  );
  return section(isPlan ? "Phases" : "Levels", "stages", list);
}

function controls(result: AssessmentResult): Child {
  if (result.controls.length === 0) return null;
  const list = table(
    "Controls",
    [
      { title: "Control", names: true, cell: (control: words.Control) => visible(control.short) },
      { title: "Level", figure: true, cell: ({ shown }: words.Control) => shown },
      ...(result.controls.some(({ confirmed, potential }) => potential > confirmed)
        ? [{ title: "Up to", figure: true, cell: ({ confirmed, potential }: words.Control) => (potential > confirmed ? String(potential) : "") }]
        : []),
      { title: "Which is", cell: (control: words.Control) => control.level_title ?? "" },
      { title: "Next", figure: true, cell: words.controlNext },
    ],
    result.controls,
  );
  return section("Controls", "controls", list);
}

function open(result: AssessmentResult): Child {
  return words.openLists(result).map(({ title, shown, more }) =>
    section(
      title,
      "gaps",
      h("ul", null, shown.map((criterion) => h("li", null, h("b", null, criterion.criterion), ` ${visible(words.blocking(criterion))}`))),
      more > 0 && h("p", { class: "quiet" }, `… and ${more} more; JSON has all.`),
    ),
  );
}

function sources(result: AssessmentResult): Child {
  if (result.anomalies.length === 0) return null;
  const items = result.anomalies.map(({ id, note }) => h("li", null, h("code", null, visible(id)), ` ${visible(note)}`));
  return section("How the source is read", "sources", h("details", null, h("summary", null, "Where the framework's own text is not of one mind"), h("ul", null, items)));
}
