// Loaded where there is code: a button that copies it.
"use strict";

// Where the clipboard is denied, the text is selected and copied as a reader would.
function copying(pre) {
  const button = make("button", { type: "button", className: "copy" }, text.copy);
  const box = make("div", { className: "copied" });
  pre.replaceWith(box);
  box.append(pre, button);
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(pre.textContent.trim());
    } catch {
      getSelection().selectAllChildren(pre);
      if (!document.execCommand("copy")) return;
    }
    say((button.textContent = text.copied));
  };
}

document.querySelectorAll("pre.code").forEach(copying);
