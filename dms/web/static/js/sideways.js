// What is wider than its place says by a shade on which side there is more.
const WIDE = ".table-wrap, .chart-wrap, .matrix-wrap";

function show(place) {
  const left = Math.abs(place.scrollLeft);
  place.classList.toggle("more-before", left > 2);
  place.classList.toggle("more-after", left + place.clientWidth < place.scrollWidth - 2);
}

export function sideways(root) {
  const sizes = new ResizeObserver((changed) => changed.forEach((one) => show(one.target)));
  for (const place of root.querySelectorAll(WIDE)) {
    sizes.observe(place);
    place.addEventListener("scroll", () => show(place), { passive: true });
  }
}
