// Keeps what was typed in this tab until the server has taken it; never on reporting pages, which load no script.
// Taken means: sending led, by a redirect, to a page that is neither an error nor asks to sign in (a session may have ended).
// Passwords, hidden fields and files are never kept; but a hidden field with data-kept is: the version under the words.
const prefix = "draft:";
const kept = "textarea, select, input:not([type=password], [type=hidden], [type=file], [type=submit]), input[data-kept]";
const refused = () => document.querySelector("[data-error], .errors, input[type=password]") !== null;
const redirected = () => performance.getEntriesByType("navigation")[0]?.redirectCount > 0;

function openStore() {
  try {
    return window.sessionStorage;
  } catch (error) {
    console.warn(error); // a browser that forbids storage keeps no drafts; everything else goes on
    return null;
  }
}
const drafts = openStore();

const read = (key) => JSON.parse(drafts?.getItem(key) ?? "null");
const write = (key, value) => {
  try {
    drafts?.setItem(key, JSON.stringify(value));
  } catch (error) {
    // A full or forbidden store only means that there is no draft; typing goes on.
    console.warn(error);
  }
};

export function forgetSentDrafts() {
  for (const key of Object.keys(drafts ?? {}).filter((name) => name.startsWith(prefix))) {
    const { values, sent } = read(key);
    if (sent && refused()) write(key, { values, sent: false });
    else if (sent && redirected()) drafts?.removeItem(key);
  }
}

const fields = (form) => [...form.querySelectorAll(kept)].filter((field) => field.name);
const isMark = (field) => field.type === "checkbox" || field.type === "radio";
const address = (field) => (isMark(field) ? `${field.name}=${field.value}` : field.name);
const valueOf = (field) => (isMark(field) ? field.checked : field.value);

function restore(form, values) {
  let changed = false;
  for (const field of fields(form)) {
    const value = values[address(field)];
    if (value === undefined || value === valueOf(field)) continue;
    if (isMark(field)) field.checked = value;
    else field.value = value;
    if (field.type !== "hidden") changed = true;
  }
  return changed;
}

export function draft(form) {
  const key = `${prefix}${location.pathname}#${form.id}`;
  const state = form.querySelector("[data-draft-state]");
  const store = (sent) => {
    const values = Object.fromEntries(fields(form).map((field) => [address(field), valueOf(field)]));
    write(key, { values, sent });
  };
  const old = read(key);
  const hidden = fields(form).filter((field) => field.type === "hidden");
  const first = hidden.map((field) => field.value); // a reset leaves hidden fields as they are
  if (old && !document.querySelector(".errors, [data-error]") && restore(form, old.values) && state) state.hidden = false;
  form.addEventListener("input", () => store(false));
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) store(true);
  });
  form.addEventListener("reset", () => {
    drafts?.removeItem(key);
    hidden.forEach((field, at) => {
      field.value = first[at];
    });
    if (state) state.hidden = true;
  });
}
