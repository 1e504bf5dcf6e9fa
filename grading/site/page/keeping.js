// The landing page's own script: what is kept in this browser, saved as one file and brought back; lessons that changed.
import { begunAfresh, broughtBack, everything, readKept } from "./kept_work.js";

const said = document.getElementById("said");
const saving = document.getElementById("save");
const bringing = document.getElementById("bring");
const chosen = document.getElementById("file");

function tell(text) {
  said.textContent = text;
}

function many(count, one, more) {
  return count === 1 ? `1 ${one}` : `${count} ${more}`;
}

async function show() {
  const kept = await readKept();
  const lessons = [...document.querySelectorAll("[data-lesson]")];
  const begun = lessons.filter((row) => kept.has(notebook(row)));
  lessons.forEach((row) => showState(row, kept.get(notebook(row))));
  document.getElementById("kept").textContent = kept.size
    ? `Kept here: ${many(begun.length, "lesson", "lessons")} begun, ${many(kept.size, "file", "files")} in all.`
    : "Nothing is kept here yet: a lesson is kept from the first time it is saved.";
  saving.disabled = kept.size === 0;
  bringing.disabled = false;
}

function notebook(row) {
  return `${row.dataset.lesson}/${row.dataset.lesson}.ipynb`;
}

function showState(row, model) {
  const state = row.querySelector(".state");
  state.hidden = !model;
  if (!model) return;
  const saved = new Date(model.last_modified).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  const edition = model.content?.metadata?.backprop_course?.edition;
  state.textContent = `Begun; saved on ${saved}.`;
  if (edition && edition === row.dataset.edition) return;
  state.textContent += " The lesson has changed since: yours is as you left it.";
  const afresh = Object.assign(document.createElement("button"), { textContent: "Begin the new one", className: "button" });
  afresh.addEventListener("click", async () => {
    const aside = await begunAfresh(notebook(row));
    tell(`Lesson ${row.dataset.lesson.slice(0, 2)} begins afresh. Your copy is beside it: ${aside}`);
    await show();
  });
  state.append(afresh);
}

saving.addEventListener("click", async () => {
  const content = new Blob([JSON.stringify(await everything())], { type: "application/json" });
  const address = URL.createObjectURL(content);
  const name = `backprop-course-${new Date().toISOString().slice(0, 10)}.json`;
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  tell(`Saved as ${name}. Keep it where you will find it.`);
});

bringing.addEventListener("click", () => chosen.click());

chosen.addEventListener("change", async () => {
  const file = chosen.files[0];
  chosen.value = "";
  if (!file) return;
  try {
    const { brought, aside } = await broughtBack(await file.text());
    const differing = aside.length ? ` ${many(aside.length, "file", "files")} that differed: the old one is beside it.` : "";
    tell(`Brought back: ${many(brought, "file", "files")}.${differing}`);
  } catch (error) {
    tell(`${file.name} was not brought back: ${error.message}`);
  }
  await show();
});

// What is visited from here on is kept for when there is no network; without one, what was registered stays.
if ("serviceWorker" in navigator) navigator.serviceWorker.register("service-worker.js").catch(() => {});
show().catch(() => {
  document.getElementById("kept").textContent = "This browser does not let the page keep anything; a private window may be why.";
});
