// What releases and events do to a forecast: whose change and uncertainty it is, and what is known of each.

import * as figures from "../figures/text.js";
import { release, type Effects } from "../forecast/releases.js";
import { part } from "../forecast/words.js";
import { stampName } from "../report/calendar.js";
import { visible } from "../report/names.js";
import { h, type Child } from "./dom.js";
import { table, type Column } from "./table.js";

type Part = NonNullable<Effects["change"]>["parts"][number];

export function effects({ change, known }: Effects, name: (stamp: string) => string = stampName): Child {
  const columns: Column<Part>[] = [
    { title: "What changes it", names: true, cell: ({ name }) => visible(name) },
    { title: "By", figure: true, cell: ({ percent }) => figures.percentText(percent) },
    { title: "Share", figure: true, cell: ({ share }) => part(share) },
    { title: "Of the uncertainty", figure: true, cell: ({ uncertainty }) => part(uncertainty) },
  ];
  return [
    change && h("h4", null, `${figures.percentText(change.percent)} to ${name(change.to)}`),
    change && table("Whose change and uncertainty it is", columns, change.parts),
    known.length > 0 && h("ul", { class: "quiet" }, known.map((one) => h("li", null, release(one)))),
  ];
}
