// Files that come by dropping: the whole page takes them, folders too.

export interface Dropped {
  readonly name: string;
  readonly file: File;
}

/** Hands over what is dropped anywhere on the page, or why it cannot be read. */
export function takeDrops(page: HTMLElement, take: (files: Dropped[]) => void, fail: (error: unknown) => void): void {
  let inside = 0;
  const mark = (over: boolean) => page.classList.toggle("over", over);
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  page.addEventListener("dragenter", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    inside += 1;
    mark(true);
  });
  page.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  });
  page.addEventListener("dragleave", (event) => {
    if (!holdsFiles(event)) return;
    inside = Math.max(0, inside - 1);
    mark(inside > 0);
  });
  page.addEventListener("drop", (event) => {
    inside = 0;
    mark(false);
    if (!event.dataTransfer || !holdsFiles(event)) return;
    event.preventDefault();
    dropped(event.dataTransfer).then(take).catch(fail);
  });
}

/** What is no bill in a folder of bills: a manifest's neighbours. Files that are chosen one by one are all taken. */
const TAKEN = /\.(csv|gz|zst|parquet|toml|json)$/i;

const isHidden = (name: string) => name.split("/").some((part) => part.startsWith("."));

/** All files, those in folders by their path. */
async function dropped(transfer: DataTransfer): Promise<Dropped[]> {
  // Both must be taken before the event is over; what they hold may come later.
  const items = [...transfer.items].filter(({ kind }) => kind === "file").map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile(), handle: handleOf(item) }));
  const found = await Promise.all(
    items.map(async ({ entry, file, handle }) => {
      if (entry?.isDirectory !== true) return file ? [{ name: file.name, file }] : [];
      const directory = await handle;
      const all = await (directory ? held(directory, entry.name) : within(entry as FileSystemDirectoryEntry, entry.name));
      return all.filter(({ name }) => TAKEN.test(name));
    }),
  );
  return found.flat().filter(({ name }) => !isHidden(name));
}

/** A folder as Chromium alone hands it over; in a page that was opened from disk there is no other way to its files. */
interface Directory {
  readonly kind: "directory";
  values(): AsyncIterable<Directory | { readonly kind: "file"; readonly name: string; getFile(): Promise<File> }>;
  readonly name: string;
}

async function handleOf(item: DataTransferItem): Promise<Directory | null> {
  const { getAsFileSystemHandle: get } = item as DataTransferItem & { getAsFileSystemHandle?: () => Promise<Directory | { kind: "file" } | null> };
  const handle = await get?.call(item).catch(() => null);
  return handle?.kind === "directory" ? handle : null;
}

async function held(folder: Directory, path: string): Promise<Dropped[]> {
  const found: Dropped[] = [];
  for await (const one of folder.values()) {
    const name = `${path}/${one.name}`;
    if (one.kind === "directory") found.push(...(await held(one, name)));
    else found.push({ name, file: await one.getFile() });
  }
  return found;
}

async function within(folder: FileSystemDirectoryEntry, path: string): Promise<Dropped[]> {
  const found: Dropped[] = [];
  const reader = folder.createReader();
  for (;;) {
    // A reader gives some hundred entries at a time, and none when it is through.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return found;
    for (const entry of entries) {
      const name = `${path}/${entry.name}`;
      if (entry.isDirectory) found.push(...(await within(entry as FileSystemDirectoryEntry, name)));
      else found.push({ name, file: await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)) });
    }
  }
}
