// Makes the pages larger and back.

/** `root` holds the pages and the button [data-zoom]. */
export function zoom(root) {
  const button = root.querySelector("[data-zoom]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const large = root.classList.toggle("large");
    button.setAttribute("aria-pressed", String(large));
  });
}
