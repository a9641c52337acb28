// What stands in Node: as elsewhere, and files on disk.

import type { BillSource } from "./index.js";

export { HeadroomError, hasSimd, load } from "./index.js";
export type * from "./index.js";

/** A file on disk as a bill. Messages and documents call it as its path is given, or by another name. */
export function file(path: string | URL, name?: string): Promise<BillSource>;
