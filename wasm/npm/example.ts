// Checked and not run: the types say what a program may write, and `@ts-expect-error` what it may not.

import { startWorker } from "headroom-engine/client";
import { HeadroomError, load, type Report } from "headroom-engine";

export async function total(files: FileList, signal: AbortSignal): Promise<string | null> {
  const engine = await startWorker();
  try {
    const { document, texts } = await engine.report([...files], {
      as_of: "2026-06-03",
      by: ["squad", "service_name"],
      for: { squad: "payments" },
      formats: ["json", "markdown"],
      policy: { name: "allocation.toml", text: 'schema = "headroom/allocation/1"' },
      signal,
      onProgress: ({ done, total }) => console.log(done, total),
    });
    const reports: Report[] = Array.isArray(document) ? document : [document];
    const markdown: string = texts.markdown;
    // @ts-expect-error only the forms that were asked for are there
    texts.csv;
    console.log(markdown, reports[0]?.changes[0]?.contributors[0]?.delta);
    const amount: string | null = reports[0]?.totals.effective.amount ?? null;
    return amount;
  } catch (error) {
    if (error instanceof HeadroomError) console.error(error.code, error.file, error.line, error.column, error.hint);
    throw error;
  } finally {
    engine.close();
  }
}

export async function others(bill: File): Promise<void> {
  const engine = await load({ wasm: new URL("headroom.wasm", "https://example.org") });
  const cube = await engine.allocate(bill, { month: "2026-05", formats: ["csv"] });
  const rows: number = cube.document.rows.length;
  const decision = await engine.gate({ name: "i", text: "{}" }, { name: "two-reviewers", text: "" });
  if (decision.document.decision === "deny") console.log(decision.document.reasons[0]?.message, rows);
  // @ts-expect-error no such decision
  if (decision.document.decision === "maybe") console.log();
  for await (const piece of engine.lines(bill, { format: "json" })) console.log(piece.length);
  const check = await engine.checkPolicy({ name: "p.toml", text: "" }, { bills: bill });
  console.log(check.document.problems[0]?.message);
  const explained = await engine.explain(bill, { resource: "i-1", where: { "tag:team": "" } });
  console.log(explained.document.charge.file);
  const assessed = await engine.assess({ name: "a.toml", text: "" }, { target: 3, strict: true });
  console.log(assessed.texts.json);
  const spent = await engine.forecast(bill, { budgets: { name: "budgets.csv", text: "" }, models: "fast" });
  console.log(Array.isArray(spent.document) ? spent.document.length : spent.document.as_of);
  const sized = await engine.rightsize([{ name: "usage.csv", text: "" }], { profile: "safe", formats: ["kubernetes"] });
  console.log(sized.texts.kubernetes, sized.document.recommendations[0]?.action);
  const ahead = await engine.forecastSeries({ name: "series.csv", text: "" }, { horizon: 12, formats: ["csv"] });
  console.log(ahead.texts.csv, (await engine.checkPolicies({ name: "gate.toml", text: "" })).document.problems.length);
  const [traffic, usage, pools] = ["traffic", "usage", "capacity"].map((name) => ({ name: `${name}.csv`, text: "" }));
  if (traffic && usage && pools) {
    const room = await engine.capacity(traffic, usage, pools, { reserve: "zone", suppose: ["2026-07-01 checkout traffic+20%"] });
    console.log(room.document.schema);
  }
  const hours = await engine.schedule({ name: "usage.csv", text: "" }, { offset: "+02:00", formats: ["cron"] });
  console.log(hours.texts.cron, (await engine.commitments(bill, { formats: ["csv"] })).texts.csv);
  // @ts-expect-error there is no such profile
  await engine.rightsize([], { profile: "brave" });
  // @ts-expect-error options are those of the call
  await engine.report(bill, { colour: "red" });
  // @ts-expect-error a bill has a name
  await engine.report({ text: "" });
}
