"use strict";

// Gives names and roles to elements without any, once other scripts have created them.
function name() {
  for (const part of document.querySelectorAll("[aria-label='scrollable content']")) {
    part.setAttribute("aria-label", part.closest("#nav-sidebar") ? "Menu" : "Content to scroll");
  }
  for (const help of document.querySelectorAll("span.help-tooltip[aria-label]")) {
    help.setAttribute("role", "img");
  }
}

addEventListener("load", () => requestAnimationFrame(name));
