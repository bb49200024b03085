// Hides the words "scrolls sideways" while a table fits.
export function wideTable(region) {
  const hint = document.getElementById(`${region.id}-hint`);
  const look = () => {
    if (hint) hint.hidden = region.scrollWidth <= region.clientWidth;
  };
  new ResizeObserver(look).observe(region);
}
