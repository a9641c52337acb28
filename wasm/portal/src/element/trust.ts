// What nobody owns, what is not compared, what the files are, and the proof that nothing is lost.

import { amountOf, amountOrNull } from "../figures/amount.js";
import * as figures from "../figures/text.js";
import { METRICS, type FileVerdict, type Report, type Verdict } from "../report/document.js";
import { dimensionName, sourceName, visible } from "../report/names.js";
import { largestGroups } from "../report/summary.js";
import * as words from "../report/words.js";
import { h, section, type Child } from "./dom.js";
import { valueCell } from "./spending.js";
import { folded, table } from "./table.js";

/** What no rule gave to anybody; `null` where the report is one owner's. */
export function unallocated(report: Report): Child {
  if ("squad" in report.owner) return null;
  const { metric, currency } = report;
  const sums = report.conservation[metric];
  const open = amountOrNull(sums.unallocated);
  const title = "What nobody owns";
  if (open === null) return section(title, "unallocated", h("p", null, `The bills state no ${metric} cost for this month.`));
  if (open === 0n) return section(title, "unallocated", h("p", null, `Nothing: every ${metric} cost has an owner.`));
  const isAll = sums.input === sums.unallocated;
  const [leading, ...others] = report.dimensions;
  const groups = largestGroups(report).filter(({ key }) => leading !== undefined && key[leading] === null);
  return section(
    title,
    "unallocated",
    h(
      "p",
      { class: "lead" },
      h("b", null, `${figures.amount(open, currency)} ${currency}`),
      ` without an owner, ${figures.share(open, amountOrNull(sums.input))} of the month.`,
      isAll && " A policy says who owns what: `headroom init` writes one to start from.",
    ),
    groups.length > 0 &&
      others.length > 0 &&
      folded(
        `What nobody owns, in ${currency}`,
        [
          ...others.map((name, at) => ({
            title: dimensionName(name, report), names: at === 0, cell: (group: (typeof groups)[number]) => valueCell(group.key[name] ?? null),
          })),
          { title: "Now", figure: true, cell: (group: (typeof groups)[number]) => figures.amount(amountOrNull(group.amount), currency) },
        ],
        groups,
        6,
        (count) => `${figures.counted(count, "smaller group", "smaller groups")}`,
      ),
  );
}

export function notCompared(report: Report): Child {
  if (report.not_compared.length === 0) return null;
  const list = table(
    `Amounts that are not compared, in ${report.currency}`,
    [
      { title: "Source", names: true, cell: (item) => sourceName(item.source) },
      { title: "Month", cell: (item) => item.month },
      { title: "Why", cell: words.notComparedReason },
      { title: report.currency, figure: true, cell: (item) => figures.amount(amountOrNull(item.amount), report.currency) },
    ],
    report.not_compared,
  );
  return section("What is not compared", "apart", list);
}

export function verdict(report: Report): HTMLElement {
  const { verdict } = report;
  const cautions = words.cautions(report);
  const opening = cautions.length === 0 ? "Nothing stands against them." : `With care: ${cautions.join("; ")}.`;
  return section(
    "Can these figures be trusted",
    "verdict",
    h("p", null, `${opening} ${words.files(verdict)}`),
    findings(verdict),
    tags(verdict),
    filesOf(report),
  );
}

function findings(verdict: Verdict): Child {
  const rows = verdict.refused_rows.map(({ file, line, column, reason }) =>
    h("li", null, h("code", null, `${visible(file)}:${line}`), column !== null && ` (column ${visible(column)})`, `: ${visible(reason)}`),
  );
  const refused =
    rows.length > 0 &&
    h(
      "details",
      null,
      h("summary", null, `${figures.counted(verdict.refused_count, "refused row", "refused rows")}${rows.length < verdict.refused_count ? `, the first ${rows.length}` : ""}`),
      h("ul", { class: "refused" }, rows),
    );
  const overlaps = verdict.overlaps.map((overlap) => {
    const [first = "", second = ""] = overlap.files;
    const shared = figures.counted(overlap.rows_in_common, "row", "rows");
    return h("li", null, `${visible(first)} and ${visible(second)} share ${shared} of ${overlap.month}: ${words.overlapAction(overlap)}.`);
  });
  const warned = words.warnings(verdict).map(({ message }) => h("li", null, `Warning: ${visible(message)}`));
  const notes = [...overlaps, ...warned];
  return [refused, notes.length > 0 && h("ul", null, notes)];
}

function tags({ tags: { coverage, merge } }: Verdict): Child {
  const spellings = merge.map(({ keys, into }) => {
    const others = keys.filter((key) => key !== into).map((key) => [h("code", null, visible(key)), " "]);
    return h("li", null, others, "→ ", h("code", null, visible(into)));
  });
  return [
    coverage !== null && h("p", null, `Tags: ${figures.proportion(amountOf(coverage))} of rows carry at least one.`),
    spellings.length > 0 && [
      h("p", null, "Some tag keys look like spellings of one. If they are, the policy's `tags.aliases` can join them:"),
      h("ul", { class: "spellings" }, spellings),
    ],
  ];
}

function filesOf(report: Report): Child {
  const { files } = report.verdict;
  if (files.length === 0) return null;
  const wanted = [report.previous_month, report.month];
  const months = files.flatMap((file) =>
    file.sources.flatMap((source) =>
      source.months
        .filter(({ month }) => wanted.includes(month))
        .map((month) => ({ file, source, month, ...words.coverage(month) })),
    ),
  );
  return h(
    "details",
    null,
    h("summary", null, `The ${figures.counted(files.length, "file", "files")}, and what they hold of the months compared`),
    table(
      "Files",
      [
        { title: "File", names: true, cell: (file: FileVerdict) => visible(file.name) },
        { title: "Format", cell: ({ dialect, version }: FileVerdict) => (version === null ? dialect : `${dialect} ${version}`) },
        { title: "Currencies", cell: (file: FileVerdict) => file.currencies.join(", ") },
        { title: "Rows", figure: true, cell: (file: FileVerdict) => figures.count(file.rows) },
        { title: "Refused", figure: true, cell: (file: FileVerdict) => figures.count(file.refused) },
      ],
      files,
    ),
    table(
      "Months held",
      [
        { title: "File", names: true, cell: ({ file }) => visible(file.name) },
        { title: "Source", cell: ({ source }) => sourceName(source) },
        { title: "Month", cell: ({ month }) => month.month },
        { title: "Held", cell: ({ held }) => held },
        { title: "Days", cell: ({ days }) => days },
        { title: "Invoiced", cell: ({ invoiced }) => invoiced },
      ],
      months,
    ),
  );
}

/** Input = allocated + unallocated, to the last digit. */
export function conservation(report: Report): HTMLElement {
  const exact = (amount: string | null) => (amount === null ? figures.ABSENT : amount);
  const rows = METRICS.map((metric) => ({ metric, ...report.conservation[metric] }));
  return section(
    "Every amount is accounted for",
    "conservation",
    h("p", null, words.conservationVerdict(report)),
    table(
      `Exact sums, in ${report.currency}`,
      [
        { title: "Cost", names: true, cell: ({ metric }) => metric },
        { title: "Input", figure: true, cell: ({ input }) => exact(input) },
        { title: "= Allocated", figure: true, cell: ({ allocated }) => exact(allocated) },
        { title: "+ Unallocated", figure: true, cell: ({ unallocated }) => exact(unallocated) },
        { title: "Difference", figure: true, cell: ({ difference }) => exact(difference) },
      ],
      rows,
    ),
  );
}
