// A static server for the hosted build: files of one folder and nothing else.

import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm",
  ".json": "application/json", ".gz": "application/gzip",
};

/** Serves a folder, and pages given as text. */
export async function serve(folder, pages = {}) {
  const server = createServer((request, response) => {
    const name = normalize(decodeURIComponent(new URL(request.url, "http://host").pathname)).replace(/\/$/, "/index.html");
    const type = TYPES[extname(name)] ?? "application/octet-stream";
    if (pages[name] !== undefined) {
      response.writeHead(200, { "content-type": type }).end(pages[name]);
      return;
    }
    const path = join(folder, name);
    if (name.includes("..") || !existsSync(path)) response.writeHead(404).end();
    else createReadStream(path).pipe(response.writeHead(200, { "content-type": type }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  return { origin: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) };
}
