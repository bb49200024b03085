// What the casework pages share: the sentences in the reader's language, and sending to the server.

/** The page's element for scripts, and its sentences. */
export function casework() {
  const root = document.querySelector("[data-casework]");
  return { root, said: JSON.parse(root.dataset.said) };
}

/** A sentence with its {placeholders} filled. */
export function say(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (_whole, name) => String(facts[name]));
}

/** Show a sentence in an element, or hide it when there is none. */
export function show(element, sentence) {
  element.textContent = sentence ?? "";
  element.hidden = !sentence;
}

/** The server refused; `status` is the answer's. */
export class RefusedError extends Error {
  constructor(status) {
    super(`refused: ${status}`);
    this.status = status;
  }
}

/** POST form fields; promise of the answer. RefusedError, or TypeError when there is no connection. */
export async function send(address, csrf, fields = {}) {
  const body = new URLSearchParams({ ...fields, csrf_token: csrf });
  const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": csrf } });
  if (!answer.ok || answer.redirected) throw new RefusedError(answer.status);
  return answer;
}

/** POST form fields; promise of the JSON answer, as `send`. */
export async function post(address, csrf, fields = {}) {
  return (await send(address, csrf, fields)).json();
}

/** Make an element with text and children, without markup. */
export function make(name, { text, className, ...attributes } = {}, ...children) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
