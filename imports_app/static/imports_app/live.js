"use strict";

// Keeps what changes while imports run up to date, without a reload.
//
// An element with data-live-url names a fragment of the page. Its data-live-parts has the ids of the
// parts to replace by those of the fragment, which is fetched again as long as it has
// data-live-active. A page in a hidden tab is left alone, and brought up to date once when somebody
// looks at it again. But a page with data-live-ends, such as that of an import, is still fetched
// now and then, so that the tab's title and, where that is allowed, a notification tell the end.
// Most imports are over within a second: a page that has just come looks soon, and ever less often.
const PAUSES = [500, 1000, 2000];
const HIDDEN_PAUSE = 15000;
let timer;
let asking = false;
let looks = 0;

async function refresh() {
  const live = document.querySelector("[data-live-url]");
  if (asking || !live || (document.hidden && !live.hasAttribute("data-live-ends"))) return;
  asking = true;
  clearTimeout(timer);
  let again = true;
  try {
    const answer = await fetch(live.dataset.liveUrl + location.search);
    // Elsewhere: signed out. 4xx: deleted, or no permission any more.
    again = !answer.redirected && (answer.ok || answer.status >= 500);
    if (!again) sayWhy(live, answer);
    if (again && answer.ok) again = update(live, await answer.text());
  } catch {
    // The service is away; it may come back.
  }
  asking = false;
  if (again) timer = setTimeout(refresh, document.hidden ? HIDDEN_PAUSE : nextPause());
}

function nextPause() {
  return PAUSES[Math.min(looks++, PAUSES.length - 1)];
}

// Says why the page is no longer kept up to date.
function sayWhy(live, answer) {
  const told = document.createElement("p");
  told.className = "reason";
  told.setAttribute("role", "alert");
  if (answer.redirected) {
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = "Sign in again";
    told.append("You are signed out, so this page is no longer up to date. ", link);
  } else {
    const isGone = answer.status === 404;
    told.textContent = isGone ? "It was deleted. This page shows its last state." : "You may no longer see this.";
  }
  live.prepend(told);
}

function tell(text) {
  document.title = `\u2713 ${text}`;
  if (document.hidden && "Notification" in window && Notification.permission === "granted") {
    const heading = document.querySelector("[data-live-url] h2");
    new Notification(heading?.textContent.trim() ?? "", { body: text });
  }
}

// A browser asks the user for permission only after a click.
function offerToTell() {
  const live = document.querySelector("[data-live-ends][data-live-active]");
  if (!live || !("Notification" in window) || Notification.permission !== "default") return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tell";
  button.textContent = "Tell me when it is over";
  button.addEventListener("click", async () => {
    await Notification.requestPermission();
    button.remove();
  });
  live.after(button);
}

// Times come in UTC. Show them in the reader's own time zone, and name that zone.
function showLocalTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (time.title.endsWith(" UTC")) time.title = local(at);
    if (!time.textContent.endsWith(" UTC")) continue;
    time.title = time.textContent;
    time.textContent = local(at);
  }
}

function local(at) {
  const pad = (number) => String(number).padStart(2, "0");
  const day = [at.getFullYear(), pad(at.getMonth() + 1), pad(at.getDate())].join("-");
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(pad).join(":");
  const parts = new Intl.DateTimeFormat("en", { timeZoneName: "short" }).formatToParts(at);
  return `${day} ${clock} ${parts.find(({ type }) => type === "timeZoneName").value}`;
}

function update(live, text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-live-url]");
  showLocalTimes(fresh);
  const pairs = live.dataset.liveParts
    .split(" ")
    .map((id) => [live.querySelector("#" + id), fresh.querySelector("#" + id)]);
  if (pairs.every(([part, now]) => !part === !now)) {
    pairs.forEach(([part, now]) => part && follow(part, now));
  } else {
    live.replaceChildren(...fresh.childNodes);
  }
  const state = live.querySelector("#live-state");
  // For somebody who looks at another tab in the meantime.
  if (live.hasAttribute("data-live-active") && !fresh.hasAttribute("data-live-active") && state) {
    tell(state.textContent);
    document.querySelector("button.tell")?.remove();
  }
  live.toggleAttribute("data-live-active", fresh.hasAttribute("data-live-active"));
  return fresh.hasAttribute("data-live-active");
}

// Changes only what differs, so that the focus, the selection and open details are kept.
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
  showLocalTimes(document);
  offerToTell();
  if (document.querySelector("[data-live-active]")) timer = setTimeout(refresh, nextPause());
});
