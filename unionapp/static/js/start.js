// Starts each behaviour on the elements that ask for it: <form data-behaviour="draft submit-once">.
// Without this file every page still does its task.
import { copy } from "./copy.js";
import { draft, forgetSentDrafts } from "./draft.js";
import { fileName } from "./file-name.js";
import { leaveWarning } from "./leave-warning.js";
import { print } from "./print.js";
import { signOut } from "./sign-out.js";
import { submitOnce } from "./submit-once.js";
import { wideTable } from "./wide-table.js";

const behaviours = {
  copy,
  draft,
  "file-name": fileName,
  "leave-warning": leaveWarning,
  print,
  "sign-out": signOut,
  "submit-once": submitOnce,
  "wide-table": wideTable,
};

forgetSentDrafts();
for (const element of document.querySelectorAll("[data-behaviour]")) {
  for (const name of element.dataset.behaviour.split(/\s+/)) {
    behaviours[name]?.(element);
  }
}
