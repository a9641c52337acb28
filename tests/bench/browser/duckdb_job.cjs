// The benchmark's job in duckdb-wasm: duckdb_job.cjs MODULES BILL.csv CUBE.csv SQL
//
// MODULES is where npm installed `@duckdb/duckdb-wasm`. The query is that of the native benchmark; the file is read by the
// module itself through Node's file system, and is never held as a whole.

const fs = require("node:fs");
const path = require("node:path");

const [modules, bill, cube, query] = process.argv.slice(2);
const dist = path.join(modules, "@duckdb/duckdb-wasm/dist");
const duckdb = require(path.join(dist, "duckdb-node-blocking.cjs"));

async function main() {
  const bundle = { mainModule: path.join(dist, "duckdb-eh.wasm"), mainWorker: path.join(dist, "duckdb-node-eh.worker.cjs") };
  const bundles = { eh: bundle, mvp: { ...bundle, mainModule: path.join(dist, "duckdb-mvp.wasm") } };
  const db = await duckdb.createDuckDB(bundles, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
  await db.instantiate(() => {});
  db.open({});
  const connection = db.connect();
  db.registerFileURL("bill.csv", bill, duckdb.DuckDBDataProtocol.NODE_FS, true);
  const start = performance.now();
  const cpu = process.cpuUsage();
  const table = connection.query(fs.readFileSync(query, "utf8"));
  const used = process.cpuUsage(cpu);
  const wall = (performance.now() - start) / 1000;
  const names = table.schema.fields.map((field) => field.name);
  const rows = table.toArray().map((row) => names.map((name) => `"${String(row[name]).replaceAll('"', '""')}"`).join(","));
  fs.writeFileSync(cube, [names.join(","), ...rows, ""].join("\n"));
  const memory = db.mod?.HEAPU8?.byteLength ?? null;
  process.stdout.write(JSON.stringify({ wall, cpu: (used.user + used.system) / 1e6, memory, version: db.getVersion() }));
}

main().then(() => process.exit(0), (error) => {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exit(1);
});
