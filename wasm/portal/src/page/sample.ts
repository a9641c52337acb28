// The project's own sample: bills of a company that does not exist, with its policy and all that goes with it.

import { samplePack } from "#engine";

import type { Dropped } from "./drop.js";

export interface Sample {
  readonly as_of: string;
  readonly files: Dropped[];
}

export async function sample(): Promise<Sample> {
  const packed = await samplePack();
  const { as_of, files } = (await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).json()) as {
    as_of: string;
    files: { name: string; text: string }[];
  };
  return { as_of, files: files.map(({ name, text }) => ({ name, file: new File([text], name) })) };
}
