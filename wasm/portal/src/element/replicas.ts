// Week by week: the replicas that are enough, beside those that there can be.

import { figure, replicas as told, type Service } from "../capacity/words.js";
import { dayName } from "../report/calendar.js";
import { h, type Child } from "./dom.js";
import { band, draw, edge, keyOf, line, swatches } from "./drawing.js";

/** The chart of one service's weeks; the table beside it has every figure. */
export function replicas({ service, weeks, max_replicas: most }: Service): Child {
  const [first, last] = [weeks[0], weeks.at(-1)];
  if (!first || !last) return null;
  const colours = swatches();
  const key = keyOf([[colours.main, "enough on half of the paths"], [colours.range, "to nine in ten"], [colours.line, "as many as there can be"]]);
  const readout = h("p", { class: "readout", "aria-hidden": "true" });
  const label = `Line of the replicas that ${service} needs in ${weeks.length} weeks, to the week of ${dayName(last.from)}, and of the ${most} there can be; the table below has every figure.`;
  const place = h("div", { class: "chart", role: "img", "aria-label": label });
  const tell = (at: number | null) => {
    const week = weeks[at ?? 0] ?? first;
    readout.replaceChildren(h("b", null, `Week of ${dayName(week.from)}`), ` ${told(week.replicas_p50)} replicas on half of the paths, ${told(week.replicas_p90)} on nine in ten, at ${figure(week.peak_p50)} to ${figure(week.peak_p90)} requests a second`);
  };
  draw(
    place,
    colours,
    { isTime: true, isFromZero: true },
    [
      weeks.map(({ from }) => Date.parse(from) / 1000),
      weeks.map(({ replicas_p90 }) => replicas_p90),
      weeks.map(({ replicas_p50 }) => replicas_p50),
      weeks.map(({ replicas_p50 }) => replicas_p50),
      weeks.map(() => most),
    ],
    [edge(), edge(), line(colours.main), line(colours.line, { dash: [6, 4] })],
    [band([1, 2], colours.range)],
    tell,
  );
  return [key, place, readout];
}
