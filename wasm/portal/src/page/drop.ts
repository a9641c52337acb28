// Files that come by dropping: the whole page takes them, folders too.

export interface Dropped {
  readonly name: string;
  readonly file: File;
}

/** Hands over what is dropped anywhere on the page. */
export function takeDrops(page: HTMLElement, take: (files: Dropped[]) => void): void {
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
    void dropped(event.dataTransfer).then(take);
  });
}

/** All files, those in folders by their path. */
function dropped(transfer: DataTransfer): Promise<Dropped[]> {
  // Entries must be taken before the event is over; what they hold may come later.
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const entries = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  return Promise.all(
    entries.map(({ entry, file }) => {
      if (entry?.isDirectory) return within(entry as FileSystemDirectoryEntry, entry.name);
      return file ? [{ name: file.name, file }] : [];
    }),
  ).then((found) => found.flat().filter(({ name }) => !name.split("/").some((part) => part.startsWith("."))));
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
