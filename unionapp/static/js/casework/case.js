// An opened case: its thread, its files, the answer, its state, its readers.

import { SealingError } from "../sealing/encoding.js";
import { casework, make, post, say, show } from "./page.js";
import { openFile, read, reportKeyOf, shareWith, write } from "./sealed_case.js";

const GONE = 404;
const CONFLICT = 409;
const REFUSALS = { 400: "signedOut", 401: "signedOut", [GONE]: "gone", [CONFLICT]: "meanwhile" };
const PENCILS = { new: "soft", acknowledged: "blue", in_work: "blue", closed: "green" };

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Open the case at `address` inside `section` (casework/_case.html) with the unlocked key. */
export class OpenCase {
  constructor(section, address, key) {
    const { root, said } = casework();
    Object.assign(this, { section, address, key, said, csrf: root.dataset.csrf });
    Object.assign(this, { waiting: new Set(), last: Promise.resolve() });
    this.answerForm = this.part("answer");
    this.answerForm.addEventListener("submit", (event) => {
      event.preventDefault();
      const field = this.answerForm.querySelector("textarea");
      const text = field.value.trim();
      this.once("answer", this.part("answer-wrong"), () => this.answer(field, text));
    });
  }

  part(name) {
    return this.section.querySelector(`[data-${name}]`);
  }

  /**
   * Run one thing after the other; say in `wrong` what went wrong. The same press twice counts once: `name` is
   * what was pressed.
   */
  once(name, wrong, action) {
    if (!this.waiting.has(name)) {
      this.waiting.add(name);
      this.last = this.last.then(() => this.run(wrong, action)).finally(() => this.waiting.delete(name));
    }
    return this.last;
  }

  async run(wrong, action) {
    show(wrong, "");
    try {
      await action();
    } catch (error) {
      show(wrong, this.reason(error));
      if (error.status === CONFLICT) await this.load().catch(() => {});
    }
  }

  reason(error) {
    if (error instanceof SealingError) return this.said.unopened;
    return this.said[REFUSALS[error.status] ?? "failed"];
  }

  /** Fetch the sealed thread (it counts as read from here on), open and show it. */
  async load() {
    this.found = await post(`${this.address}/sealed.json`, this.csrf);
    this.reportKey = await reportKeyOf(this.found, this.key);
    const [label, ...messages] = this.found.messages;
    const about = read(this.found, label, this.reportKey);
    this.part("title").textContent = this.said.categories[about?.category] ?? this.said.noCategory;
    this.part("language").textContent = this.said.language[about?.answers.language] ?? "";
    this.part("server-sealed").hidden = this.found.sealed_by !== "server";
    this.part("thread").replaceChildren(...messages.map((message) => this.message(message)));
    this.showState();
  }

  message(message) {
    const payload = read(this.found, message, this.reportKey);
    const author = message.role === "reporter" ? this.said.reporter : message.author;
    const head = make("ul", { className: "eyebrow" }, make("li", { text: author }), make("li", { text: message.day }));
    if (payload === null) {
      return make("section", { className: "sheet narrow" }, head, make("p", { className: "wrong", text: this.said.broken }));
    }
    const text = make("p", { className: "clause-text", text: payload.text });
    const files = payload.attachments.map((about) => this.file(about));
    return make("section", { className: "sheet narrow" }, head, text, ...files);
  }

  file(about) {
    const wrong = make("p", { className: "wrong" });
    wrong.hidden = true;
    const button = make("button", { type: "button", className: "second", text: say(this.said.save, { name: about.name }) });
    button.addEventListener("click", () =>
      this.once(about.id, wrong, async () => {
        try {
          save(await openFile(`${this.address}/files/${about.id}`, this.csrf, about, this.reportKey), about.name);
        } catch (error) {
          if (!(error instanceof SealingError) && error.status !== GONE) throw error;
          show(wrong, this.said.fileBroken);
        }
      }),
    );
    return make("div", { className: "actions" }, button, wrong);
  }

  showState() {
    const { state, moves, others } = this.found;
    const chip = this.part("state");
    chip.textContent = this.said.states[state];
    chip.className = `chip ${PENCILS[state]}`;
    const buttons = moves.map((next) => this.button(this.said.moveTo[next], "state", () => ({ state: next })));
    this.part("moves").replaceChildren(...buttons);
    const shares = others.map((other) => {
      const fields = () => shareWith(this.found, other, this.reportKey);
      return this.button(say(this.said.shareWith, { name: other.name }), "readers", fields, this.said.shared);
    });
    this.part("share").hidden = shares.length === 0;
    this.part("others").replaceChildren(...shares);
  }

  button(words, path, fields, done = "") {
    const button = make("button", { type: "button", className: "second", text: words });
    const spoken = this.part("case-said");
    button.addEventListener("click", () =>
      this.once(words, spoken, async () => {
        await post(`${this.address}/${path}`, this.csrf, await fields());
        await this.load();
        show(spoken, done);
      }),
    );
    return button;
  }

  async answer(field, text) {
    if (text === "") {
      show(this.part("answer-wrong"), this.said.nothing);
      field.focus();
      return;
    }
    show(this.part("answer-said"), "");
    await post(`${this.address}/messages`, this.csrf, write(this.found, text, this.reportKey, this.key));
    if (field.value.trim() === text) field.value = "";
    show(this.part("answer-said"), this.said.sent);
    await this.load();
  }
}
