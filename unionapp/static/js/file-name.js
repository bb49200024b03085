// Names the chosen files and their size beside a file field, and says when one is over the limit (data-limit, bytes).
const unit = (bytes) =>
  new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit",
    unit: bytes < 1_000_000 ? "kilobyte" : "megabyte",
    maximumFractionDigits: 1,
  }).format(bytes < 1_000_000 ? bytes / 1000 : bytes / 1_000_000);

export function fileName(input) {
  const output = document.getElementById(`${input.id}-files`);
  if (!output) return;
  const limit = Number(input.dataset.limit ?? Infinity);
  input.addEventListener("change", () => {
    const lines = [...input.files].map((file) => {
      const line = document.createElement("span");
      const tooLarge = file.size > limit ? ` ${input.dataset.tooLarge ?? ""}` : "";
      line.className = tooLarge ? "wrong" : "hint";
      line.textContent = `${file.name} (${unit(file.size)})${tooLarge}`;
      return line;
    });
    output.replaceChildren(...lines);
  });
}
