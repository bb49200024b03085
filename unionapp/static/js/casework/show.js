// One case on its own page.

import { OpenCase } from "./case.js";
import { casework } from "./page.js";
import { unlocked } from "./unlock.js";

const { root } = casework();
const opened = root.querySelector("[data-opened]");
const section = root.querySelector("[data-case]");
const key = await unlocked();
const shown = new OpenCase(section, root.dataset.address, key);
opened.hidden = false;
await shown.once("load", shown.part("case-said"), () => shown.load());
section.focus();
