"use strict";

// Keeps what changes while imports run up to date, without a reload.
//
// An element with data-live-url names the page's fragment, and in data-live-parts the ids of what
// is to follow it. The fragment comes again while it says data-live-active, but not for a page that
// nobody looks at; a page that is looked at again is brought up to date once.
const PAUSE = 2000;
let timer;
let asking = false;

async function refresh() {
  const live = document.querySelector("[data-live-url]");
  if (asking || document.hidden || !live) return;
  asking = true;
  clearTimeout(timer);
  let again = true;
  try {
    const answer = await fetch(live.dataset.liveUrl + location.search);
    // Elsewhere: signed out. 4xx: deleted, or no permission any more.
    again = !answer.redirected && (answer.ok || answer.status >= 500);
    if (again && answer.ok) again = update(live, await answer.text());
  } catch {
    // The service is away; it may come back.
  }
  asking = false;
  if (again) timer = setTimeout(refresh, PAUSE);
}

function update(live, text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-live-url]");
  const pairs = live.dataset.liveParts
    .split(" ")
    .map((id) => [live.querySelector("#" + id), fresh.querySelector("#" + id)]);
  if (pairs.every(([part, now]) => !part === !now)) {
    pairs.forEach(([part, now]) => part && follow(part, now));
  } else {
    live.replaceChildren(...fresh.childNodes);
  }
  const state = live.querySelector("#live-state");
  // For whoever looks at another tab meanwhile.
  if (live.hasAttribute("data-live-active") && !fresh.hasAttribute("data-live-active") && state) {
    document.title = `\u2713 ${state.textContent}`;
  }
  live.toggleAttribute("data-live-active", fresh.hasAttribute("data-live-active"));
  return fresh.hasAttribute("data-live-active");
}

// Changes only what differs, so that focus, selection and open details stay where they are.
function follow(old, now) {
  if (old.isEqualNode(now)) return;
  if (old.nodeName !== now.nodeName || old.nodeType !== Node.ELEMENT_NODE) {
    old.replaceWith(now.cloneNode(true));
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!now.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
  for (const { name, value } of now.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const children = [...old.childNodes];
  const wanted = [...now.childNodes];
  wanted.forEach((child, place) => {
    if (place < children.length) follow(children[place], child);
    else old.append(child.cloneNode(true));
  });
  children.slice(wanted.length).forEach((child) => child.remove());
}

document.addEventListener("visibilitychange", refresh);
document.addEventListener("DOMContentLoaded", () => {
  if (document.querySelector("[data-live-active]")) timer = setTimeout(refresh, PAUSE);
});
