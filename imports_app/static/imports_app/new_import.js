"use strict";

// The pages work without this script. It saves a long upload that would be refused in the end, shows
// that a file can be dropped anywhere in the frame, looks again as soon as something was changed,
// and offers the names of parents.
const PAUSE_OF_TYPING = 250; // milliseconds

function takeDrops(form) {
  const drop = form.querySelector(".drop");
  const file = form.querySelector("#id_file");
  const problem = form.querySelector("#file-problem");
  const limit = Number(form.dataset.maxBytes);

  function check() {
    const isTooLarge = file.files.length > 0 && file.files[0].size > limit;
    problem.textContent = isTooLarge ? "The file is too large." : "";
    problem.hidden = !isTooLarge;
    return !isTooLarge;
  }

  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length) file.files = event.dataTransfer.files;
    check();
  });
  // The theme's own listener would write the file's name into whatever text field comes next.
  drop.addEventListener(
    "change",
    (event) => {
      event.stopPropagation();
      check();
    },
    true,
  );
  form.addEventListener("submit", (event) => {
    if (check()) {
      say(form, "Reading the rows…");
    } else {
      event.preventDefault();
      file.focus();
    }
  });
}

function say(form, text) {
  form.querySelector("#sending").textContent = text;
}

// Sends what was changed, and takes over the parts of the page that depend on it. There is one
// request at a time: of two answers, the older one could come last and stay.
function lookAgain(form) {
  let isLooking = false;
  let isChanged = false;

  async function look() {
    const sent = new FormData(form);
    sent.set("action", "look");
    const answer = await fetch(location.href, { method: "POST", body: sent });
    const isThere = new URL(answer.url).pathname === location.pathname;
    if (!answer.ok || !isThere) return location.reload();
    const text = await answer.text();
    if (!isChanged) takeOver(new DOMParser().parseFromString(text, "text/html"));
  }

  form.addEventListener("change", async (event) => {
    if (event.target.tagName !== "SELECT") return;
    isChanged = true;
    if (isLooking) return;
    isLooking = true;
    say(form, "Reading again…");
    try {
      while (isChanged) {
        isChanged = false;
        await look();
      }
      say(form, "");
    } catch {
      say(form, "The service does not answer. Press the button to try again.");
    }
    isLooking = false;
  });
  form.addEventListener("submit", () => say(form, "Reading the rows…"));
}

function takeOver(fresh) {
  for (const now of fresh.querySelectorAll("[data-part]")) {
    const old = document.getElementById(now.id);
    const held = document.activeElement.closest("select, input, button, summary");
    const isHeld = held && old?.contains(held);
    if (old && !isHeld && !old.isEqualNode(now)) old.replaceWith(document.importNode(now, true));
  }
}

// The form sends the id of a parent. People look for it by its names.
function offerParents(list) {
  const field = document.querySelector("[list=parents]");
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mode = document.querySelector("[name=mode]:checked")?.value ?? "";
      const query = new URLSearchParams({ q: field.value, mode });
      const answer = await fetch(`${list.dataset.url}?${query}`);
      if (!answer.ok || answer.redirected) return;
      const { parents } = await answer.json();
      list.replaceChildren(
        ...parents.map(({ id, name, names }) => {
          const option = document.createElement("option");
          option.value = name;
          option.label = `${names} (${id})`;
          return option;
        }),
      );
    }, PAUSE_OF_TYPING);
  });
}

const uploading = document.querySelector("form[data-max-bytes]");
if (uploading) takeDrops(uploading);
const changing = document.querySelector("form[data-refresh]");
if (changing) lookAgain(changing);
const parents = document.getElementById("parents");
if (parents) offerParents(parents);
document.querySelector(".problems[tabindex]")?.focus();
