// Files out of what was dropped: folders are walked, however deep.

const MOST = 2000;

/** Resolves to [{file, name}]; `name` is the file's own, for where it lay on somebody's disk says nothing here. */
export async function filesOf(transfer) {
  const entries = [...transfer.items].map((x) => x.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map((file) => ({ file, name: file.name }));
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry, found) {
  if (found.length >= MOST || entry.name.startsWith(".")) return;
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject)).catch(() => null);
    if (file) found.push({ file, name: file.name });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)).catch(() => []);
    if (!some.length) return; // a reader gives a hundred at a time
    for (const one of some) await walk(one, found);
  }
}
