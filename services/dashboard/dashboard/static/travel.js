// The slider: while it is moved it says which day it stands at, and then the page goes there.
import {announce, show} from "./page.js";

const PAUSE = 250; // milliseconds in which keys that follow each other make one journey
let due = 0;

export function travel() {
  document.addEventListener("input", (event) => {
    if (event.target.id === "slider") say(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.id !== "slider") return;
    clearTimeout(due);
    due = setTimeout(() => go(event.target), PAUSE);
  });
  // A page without a slider has only places within it to go back to, and may hold what was typed.
  addEventListener("popstate", () => document.querySelector("#slider") && arrive(location.href));
}

function atNow(slider) {
  return slider.value === slider.max;
}

function day(slider) {
  const at = new Date(`${slider.dataset.since}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + Number(slider.value));
  return at;
}

function words(slider) {
  if (atNow(slider)) return slider.dataset.now;
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  return new Intl.DateTimeFormat(language, {dateStyle: "long", timeZone: "UTC"}).format(day(slider));
}

function say(slider) {
  slider.setAttribute("aria-valuetext", words(slider));
  const strong = document.createElement("strong");
  strong.textContent = words(slider);
  document.querySelector("#shown").replaceChildren(strong);
}

async function go(slider) {
  // What the address names there is what the form would send: what holds for this moment alone is not in it.
  const named = new URLSearchParams([...new FormData(slider.form)]);
  if (atNow(slider)) named.delete("as_of");
  else named.set("as_of", day(slider).toISOString().slice(0, 10));
  const address = new URL(slider.form.action);
  address.search = named;
  history.pushState(null, "", address);
  await arrive(address.href);
}

async function arrive(address) {
  const came = await show(address);
  if (came === "failed") location.assign(address); // the browser says why
  if (came === "shown") {
    const told = document.querySelectorAll("#shown > .badge, #shown > strong");
    announce([...told].map((part) => part.textContent).join(" "));
  }
}
