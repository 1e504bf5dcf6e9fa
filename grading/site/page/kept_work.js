// The files that JupyterLite keeps in this browser: read, saved as one file, brought back. Nothing is ever overwritten.
const DATABASE = "backprop-course";
const STORES = ["files", "counters", "checkpoints"];
const SCHEMA = "backprop-course/kept";
const VERSION = 1;

function asPromise(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// A database stays open no longer than it is used: JupyterLite may have to change it.
async function withFiles(mode, use) {
  const opening = indexedDB.open(DATABASE);
  opening.onupgradeneeded = () => STORES.forEach((name) => opening.result.createObjectStore(name));
  const database = await asPromise(opening);
  try {
    if (!database.objectStoreNames.contains("files")) return await use(null);
    const transaction = database.transaction("files", mode);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
    const result = await use(transaction.objectStore("files"));
    await done;
    return result;
  } finally {
    database.close();
  }
}

async function entries(store) {
  if (!store) return new Map();
  const [keys, values] = await Promise.all([asPromise(store.getAllKeys()), asPromise(store.getAll())]);
  return new Map(keys.map((key, n) => [key, values[n]]));
}

/** Every file that is kept, by its path. */
export function readKept() {
  return withFiles("readonly", entries);
}

/** All of it as one object to be written into a file. */
export async function everything() {
  const files = Object.fromEntries(await readKept());
  return { schema: SCHEMA, version: VERSION, saved: new Date().toISOString(), files };
}

function parsed(text) {
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error("it is damaged, or not a file that this page saved.");
  }
  if (content?.schema !== SCHEMA || typeof content.files !== "object") {
    throw new Error("it is not a file that this page saved.");
  }
  if (content.version > VERSION) throw new Error("a newer version of this site saved it. Reload this page.");
  const files = Object.entries(content.files).filter(([path, model]) => model?.path === path);
  if (!files.length) throw new Error("there is no work in it.");
  return files;
}

function beside(path, taken) {
  const at = new Date().toISOString().slice(0, 19).replaceAll(":", "");
  const dot = path.lastIndexOf(".") > path.lastIndexOf("/") ? path.lastIndexOf(".") : path.length;
  for (let n = 1; ; n += 1) {
    const found = `${path.slice(0, dot)}.before-${at}${n > 1 ? `-${n}` : ""}${path.slice(dot)}`;
    if (!taken.has(found)) return found;
  }
}

async function putAside(store, kept, path) {
  const to = beside(path, kept);
  const model = { ...kept.get(path), path: to, name: to.slice(to.lastIndexOf("/") + 1) };
  await asPromise(store.put(model, to));
  kept.set(to, model);
  return to;
}

/** Put the files of a saved file in their places; one that is there and differs is renamed first. */
export async function broughtBack(text) {
  const files = parsed(text);
  return withFiles("readwrite", async (store) => {
    const kept = await entries(store);
    const aside = [];
    for (const [path, model] of files) {
      const same = JSON.stringify(kept.get(path)?.content) === JSON.stringify(model.content);
      if (kept.has(path) && !same) aside.push(await putAside(store, kept, path));
      await asPromise(store.put(model, path));
    }
    return { brought: files.length, aside };
  });
}

/** Rename a notebook that is kept, so that the site's own is seen again; the new name is returned. */
export function begunAfresh(path) {
  return withFiles("readwrite", async (store) => {
    const aside = await putAside(store, await entries(store), path);
    await asPromise(store.delete(path));
    return aside;
  });
}
