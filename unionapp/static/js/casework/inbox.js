// The inbox: after unlocking, categories are opened and a case opens in place, so that the key stays in memory.

import { OpenCase } from "./case.js";
import { casework, post } from "./page.js";
import { read, reportKeyOf } from "./sealed_case.js";
import { unlocked } from "./unlock.js";

const { root, said } = casework();
const list = root.querySelector("[data-list]");
const opened = root.querySelector("[data-opened]");
const template = root.querySelector("[data-case-template]");
const inbox = location.pathname;

async function category(found, key) {
  try {
    const label = read(found, found.messages[0], await reportKeyOf(found, key));
    return said.categories[label?.category] ?? said.noCategory;
  } catch (error) {
    console.warn(error.code ?? error.name);
    return said.noCategory;
  }
}

async function showCategories(key) {
  for (const found of await post(root.dataset.labels, root.dataset.csrf)) {
    const row = list.querySelector(`[data-row="${CSS.escape(found.case)}"]`);
    if (row) row.querySelector("[data-category]").textContent = await category(found, key);
  }
}

function showList() {
  opened.querySelector("[data-case]")?.remove();
  opened.hidden = true;
  list.hidden = false;
}

async function open(link, key) {
  showList();
  opened.append(template.content.cloneNode(true));
  opened.hidden = false;
  list.hidden = true;
  const section = opened.querySelector("[data-case]");
  const shown = new OpenCase(section, link.pathname, key);
  await shown.once("load", shown.part("case-said"), () => shown.load());
  section.focus();
}

const key = await unlocked();
list.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", link.pathname);
  open(link, key);
});
window.addEventListener("popstate", () => {
  const link = [...list.querySelectorAll("a")].find((each) => each.pathname === location.pathname);
  if (link) open(link, key);
  else showList();
});
opened.querySelector("[data-back]").addEventListener("click", () => {
  history.pushState(null, "", inbox);
  showList();
});
await showCategories(key);
