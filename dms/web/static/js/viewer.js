// The viewer: larger and smaller, turning for reading, text instead of images, from one found word to the next.
// Styles are set on elements by script, which the policy allows; attributes with styles it does not.

const STEPS = [50, 75, 100, 125, 150, 200, 300];

/** `root` holds the pages ([data-page]) and the buttons; without scripts the pages stand under one another. */
export function view(root) {
  const pages = root.querySelector(".pages");
  const level = root.querySelector("[data-zoom-level]");
  let zoom = 100;
  let turned = 0;
  for (const tools of root.querySelectorAll("[data-needs-script]")) tools.hidden = false;

  for (const button of root.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => {
      const at = STEPS.indexOf(zoom) + (button.dataset.zoom === "in" ? 1 : -1);
      zoom = STEPS[Math.max(0, Math.min(STEPS.length - 1, at))];
      level.textContent = `${zoom} %`;
      for (const room of root.querySelectorAll(".sheet-room")) room.style.width = `${zoom}%`;
    });
  }
  root.querySelector("[data-turn]")?.addEventListener("click", () => {
    turned = (turned + 90) % 360;
    for (const room of root.querySelectorAll(".sheet-room")) turn(room, turned);
  });
  root.querySelector("[data-as-text]")?.addEventListener("click", (event) => {
    const asText = root.classList.toggle("as-text");
    event.currentTarget.setAttribute("aria-pressed", String(asText));
    for (const text of root.querySelectorAll("[data-read]")) text.open = asText;
  });
  followHits(root);
  followThumbs(root, pages);
}

/** Turns the image in its room; the room takes the shape of what is seen. */
function turn(room, degrees) {
  const image = room.querySelector(".sheet");
  const inner = room.querySelector(".sheet-turn");
  const width = Number(image.getAttribute("width")) || image.naturalWidth || 1;
  const height = Number(image.getAttribute("height")) || image.naturalHeight || 1;
  const lying = degrees % 180 !== 0;
  room.style.aspectRatio = lying ? `${height} / ${width}` : "";
  inner.style.position = degrees ? "absolute" : "";
  inner.style.width = lying ? `${(100 * width) / height}%` : degrees ? "100%" : "";
  inner.style.transformOrigin = "0 0";
  inner.style.transform = {
    0: "",
    90: "rotate(90deg) translateY(-100%)",
    180: "rotate(180deg) translate(-100%, -100%)",
    270: "rotate(270deg) translateX(-100%)",
  }[degrees];
  if (degrees === 180) room.style.aspectRatio = `${width} / ${height}`;
}

/** Next and previous found word, on the images or in the text, whichever is shown. */
function followHits(root) {
  const now = root.querySelector("[data-hit-now]");
  let at = -1;
  for (const button of root.querySelectorAll("[data-hit]")) {
    button.addEventListener("click", () => go(Number(button.dataset.hit)));
  }
  if (now && root.querySelector(".hits rect")) go(1, "auto");

  function go(step, behavior = "smooth") {
    const hits = [...root.querySelectorAll(root.classList.contains("as-text") ? ".read mark" : ".hits rect")];
    if (!hits.length) return;
    for (const old of root.querySelectorAll(".now")) old.classList.remove("now");
    at = (((at + step) % hits.length) + hits.length) % hits.length;
    hits[at].classList.add("now");
    reveal(root.querySelector(".pages"), hits[at], behavior);
    now.textContent = `${at + 1} ${now.dataset.of} ${hits.length}`;
  }
}

/** Brings a word to the middle of the pages without moving the page around them. */
function reveal(pages, word, behavior) {
  const frame = pages.getBoundingClientRect();
  const box = word.getBoundingClientRect();
  pages.scrollBy({
    top: box.top - frame.top - frame.height / 2,
    left: box.right > frame.right || box.left < frame.left ? box.left - frame.left - frame.width / 2 : 0,
    behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : behavior,
  });
}

/** A thumbnail brings its page into the frame, and the one in sight is marked. */
function followThumbs(root, pages) {
  const thumbs = new Map([...root.querySelectorAll("[data-thumb]")].map((x) => [x.dataset.thumb, x]));
  if (!thumbs.size) return;
  for (const [number, thumb] of thumbs) {
    thumb.addEventListener("click", (event) => {
      event.preventDefault();
      const page = root.querySelector(`[data-page="${number}"]`);
      pages.scrollBy({ top: page.getBoundingClientRect().top - pages.getBoundingClientRect().top - 8 });
      pages.focus({ preventScroll: true });
    });
  }
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const thumb of thumbs.values()) thumb.removeAttribute("aria-current");
        thumbs.get(entry.target.dataset.page)?.setAttribute("aria-current", "true");
      }
    },
    { root: pages, rootMargin: "-30% 0px -60% 0px" },
  );
  for (const page of root.querySelectorAll("[data-page]")) watcher.observe(page);
}

/** The button of the page for printing. */
export function printPage(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
