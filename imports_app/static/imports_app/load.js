"use strict";

// Brings what takes a while to find: an element with data-load names a page, and takes over from it
// what has the id of its own last child. Without this script the link in it leads there.
document.addEventListener("DOMContentLoaded", async () => {
  for (const part of document.querySelectorAll("[data-load]")) {
    const place = part.lastElementChild;
    const answer = await fetch(part.dataset.load).catch(() => null);
    if (!answer?.ok || answer.redirected) continue;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceWith(page.getElementById(place.id));
  }
});
