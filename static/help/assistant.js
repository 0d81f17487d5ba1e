// Sends the assistant's forms without reloading the page: it reads the page that the
// server answers with and takes over what is new. Without this script the forms work alone.
"use strict";

const talk = document.getElementById("talk");
const log = document.getElementById("log");

const yourTime = () => {
  for (const time of document.querySelectorAll("time.help-yours")) {
    const moment = new Date(time.dateTime);
    // The server's words name the time of the team; the same offset needs no second one.
    const theirs = /([+-])(\d\d):(\d\d)$/.exec(time.dateTime);
    const shift = theirs ? Number(`${theirs[1]}1`) * (60 * Number(theirs[2]) + Number(theirs[3])) : 0;
    if (Number.isNaN(moment.getTime()) || -moment.getTimezoneOffset() === shift) continue;
    const words = moment.toLocaleString(document.documentElement.lang || undefined,
      { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
    time.textContent = time.dataset.words.replace("%(moment)s", words);
  }
};

const takeOver = (page) => {
  const turns = [...page.querySelectorAll("#log > .help-turn")];
  if (!page.getElementById("talk")) return false;
  for (const old of [...log.children]) {
    if (!page.getElementById(old.id)) old.remove();
  }
  for (const turn of turns) {
    const old = document.getElementById(turn.id);
    if (!old) log.append(turn);
    else if (old.innerHTML !== turn.innerHTML) old.innerHTML = turn.innerHTML;
  }
  const address = document.getElementById("ask-email")?.value || "";
  for (const id of ["next", "hours"]) {
    document.getElementById(id).replaceWith(page.getElementById(id));
  }
  const field = document.getElementById("ask-email");
  if (field && address && !field.value) {
    field.value = address;
    field.closest("details").open = true;
  }
  yourTime();
  return true;
};

const tell = (words) => {
  let place = document.getElementById("talk-trouble");
  if (!place) {
    place = document.createElement("p");
    place.id = "talk-trouble";
    place.className = "help-errors";
    place.setAttribute("role", "alert");
    document.getElementById("next").prepend(place);
  }
  place.textContent = words;
};

const send = async (form, button) => {
  const data = new FormData(form);
  if (button?.name) data.set(button.name, button.value);
  const known = new Set([...log.children].map((turn) => turn.id));
  talk.setAttribute("aria-busy", "true");
  const wait = document.createElement("div");
  wait.className = "help-wait";
  wait.textContent = talk.dataset.sending;
  if (form.classList.contains("help-ask")) log.append(wait);
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    wait.remove();
    if (!takeOver(page)) {
      tell(page.querySelector("main p")?.textContent || talk.dataset.failed);
      return;
    }
    const wrong = document.querySelector("#next [role=alert], #next [aria-invalid=true]");
    const newest = log.lastElementChild;
    const asked = document.querySelector("#next [autofocus]");
    if (wrong) (wrong.matches("input, textarea") ? wrong : wrong.closest("form")?.querySelector("input:not([type=hidden]), textarea"))?.focus();
    else if (asked) {
      // The words above it say why it is asked for.
      asked.focus({ preventScroll: true });
      asked.closest("section")?.scrollIntoView({ block: "start" });
    }
    else if (newest && !known.has(newest.id)) {
      document.getElementById("ask-question")?.focus({ preventScroll: true });
      newest.scrollIntoView({ block: "nearest" });
    } else if (document.getElementById("over")) {
      const over = document.getElementById("over");
      over.tabIndex = -1;
      over.focus();
    } else {
      log.focus({ preventScroll: true });
    }
  } catch {
    wait.remove();
    tell(talk.dataset.failed);
  } finally {
    talk.removeAttribute("aria-busy");
  }
};

talk.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-talk]")) return;
  event.preventDefault();
  if (talk.hasAttribute("aria-busy")) return;
  send(event.target, event.submitter);
});

// Enter sends, as in every chat; a new line needs Shift.
talk.addEventListener("keydown", (event) => {
  if (event.target.id !== "ask-question" || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

yourTime();
