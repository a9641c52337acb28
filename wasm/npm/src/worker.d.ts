// The worker's script: to be imported in a worker, where it serves by itself, or anywhere to serve calls over a port.

/** A worker's own scope, or one end of a channel, whose other end `startWorker` takes. */
export interface ServedPort {
  addEventListener(type: "message", listener: (event: { readonly data: any }) => void): void;
  postMessage(message: unknown, transfer: any[]): void;
  start?(): void;
}

/** Serves calls that come over a port. */
export function serve(port: ServedPort): void;
