// What stands for browsers alone: everything but files on disk.

export { HeadroomError, hasSimd, load } from "./index.js";
export type * from "./index.js";
