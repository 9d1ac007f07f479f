// Forms for events are checked while they are filled in: the page is asked for as a press on its button would, and what
// it says of each field is put in place. Of fields that nobody has been at yet nothing is said.
import {announce} from "./page.js";

const PAUSE = 400; // milliseconds in which keys that follow each other make one question
const touched = new Set();
let due = 0;
let asking = null;
let said = "";

export function check() {
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.id !== "entry") return;
    touched.add(event.target.id);
    clearTimeout(due);
    due = setTimeout(() => ask(form, event.target), PAUSE);
  });
  document.addEventListener("submit", () => {
    clearTimeout(due);
    asking?.abort();
  });
}

async function ask(form, control) {
  asking?.abort();
  const mine = (asking = new AbortController());
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "check");
  let told = null;
  try {
    const answer = await fetch(form.action, {method: "POST", body, headers: {Accept: "text/html"}, signal: mine.signal});
    if (answer.ok) told = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    // Nobody answers, or a later question took this one's place.
  }
  if (mine.signal.aborted) return;
  const verdict = document.getElementById("verdict");
  if (told?.getElementById("entry")) {
    const tried = "tried" in form.dataset;
    for (const place of form.querySelectorAll(".fault")) {
      const name = place.id.slice(0, -"~fault".length);
      if (tried || [...touched].some((id) => id === name || id.startsWith(`${name}/`) || id === `${name}:key`)) {
        put(form, place, told.getElementById(place.id));
      }
    }
    if (tried) document.getElementById("summary").replaceChildren(...told.getElementById("summary").childNodes);
    verdict.textContent = told.getElementById("verdict").textContent;
    verdict.className = tried ? told.getElementById("verdict").className : "";
  } else {
    verdict.textContent = form.dataset.unchecked;
    verdict.className = "";
  }
  tell(form, control, verdict);
}

function put(form, place, fresh) {
  if (!fresh) return;
  place.replaceChildren(...fresh.childNodes);
  place.hidden = fresh.hidden;
  for (const control of form.querySelectorAll(`:is(input, select, textarea)[aria-describedby~="${place.id}"]`)) {
    if (place.hidden) control.removeAttribute("aria-invalid");
    else control.setAttribute("aria-invalid", "true");
  }
  const around = place.closest("details");
  if (around && !place.hidden) around.open = true;
}

// Say what has changed since it was said last, of the field that was written in and of the whole.
function tell(form, control, verdict) {
  const place = document.getElementById(control.getAttribute("aria-describedby").split(" ")[0]);
  const name = control.labels[0]?.textContent.trim();
  const words = [place?.hidden ? "" : `${name}: ${place.textContent}`, verdict.textContent].filter(Boolean).join(" – ");
  if (words !== said) announce(words);
  said = words;
}
