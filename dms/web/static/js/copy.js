// A button that puts the text of another element on the clipboard. Without scripts, or a clipboard, it is not there.

/** `data-copy` names the element; `data-copied` is what the button says afterwards. */
export function copyText(button) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) {
    return;
  }
  button.hidden = false;
  button.addEventListener("click", async () => {
    const label = button.querySelector("span") ?? button;
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      label.textContent = button.dataset.copied;
    } catch {
      getSelection().selectAllChildren(source);
    }
  });
}
