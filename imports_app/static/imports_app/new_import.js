"use strict";

// Without this the page works as well: it saves a long upload that is refused in the end, shows that
// a file can be dropped anywhere in the frame, and says that something is being sent.
const form = document.querySelector(".new-import");

function connect() {
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
  // The theme's own listener would write the file's name into the next field of text, whatever that is.
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
      form.querySelector("#sending").textContent = "Reading the rows…";
    } else {
      event.preventDefault();
      file.focus();
    }
  });
  form.querySelector(".problems")?.focus();
}

if (form) connect();
