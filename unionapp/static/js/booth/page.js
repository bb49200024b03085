// What the ballot pages share: showing one part and hiding another, saying problems, filling in words.

/** Show or hide an element. */
export function show(element, visible = true) {
  element.hidden = !visible;
}

/** Say a problem in the place inside `part` that is meant for it; an empty text takes it away. */
export function sayProblem(part, text = "") {
  const place = part.querySelector("[data-problem]");
  place.textContent = text;
  show(place, text !== "");
}

/** Fill {names} in a sentence that the server has translated. */
export function fill(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
}

/** Offer a text as a file to save. */
export function saveFile(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Show how far a verification is: {done, total} in the progress bar of `part`, in words too. */
export function showProgress(part, sentence, { done, total }) {
  const bar = part.querySelector("progress");
  bar.max = total;
  bar.value = done;
  part.querySelector("[data-progress-text]").textContent = fill(sentence, { done, total });
}

/** A notice in one of the pencils: red, green, soft. */
export function notice(pencil, text) {
  const box = document.createElement("div");
  const words = document.createElement("p");
  box.className = `notice ${pencil}`;
  words.textContent = text;
  box.append(words);
  return box;
}
