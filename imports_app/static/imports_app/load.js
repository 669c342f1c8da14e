"use strict";

// Fetches what takes a while to find. An element with data-load names a page. Its last child is
// replaced by the element of that page with the same id. Without this script, a link leads there.
document.addEventListener("DOMContentLoaded", async () => {
  for (const part of document.querySelectorAll("[data-load]")) {
    const place = part.lastElementChild;
    const answer = await fetch(part.dataset.load).catch(() => null);
    if (!answer?.ok || answer.redirected) continue;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceWith(page.getElementById(place.id));
  }
});
