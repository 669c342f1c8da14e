"use strict";

// Unfold opens filters and menus with links that lead nowhere, which no keyboard reaches. Each is
// turned into the button that it really is.
document.addEventListener("DOMContentLoaded", () => {
  for (const opener of document.querySelectorAll("a:not([href])")) {
    opener.tabIndex = 0;
    opener.setAttribute("role", "button");
  }
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("a:not([href])[role=button]")) return;
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  event.target.click();
});
