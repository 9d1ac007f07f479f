// Views of now follow what is recorded: the stream says that something changed, the page says what it is now.
import {loadLater} from "./later.js";
import {announce, show} from "./page.js";

const PAUSE = 400; // milliseconds in which changes that follow each other are shown together
const AGAIN = 5000; // milliseconds after which a stream that was refused is asked for again
let stream = null;
let followed = null;
let due = 0;

export function follow() {
  const address = document.querySelector("main").dataset.stream;
  const wanted = address ? new URL(address, location.href).href : null;
  if (wanted === followed) return;
  stream?.close();
  clearTimeout(due);
  followed = wanted;
  if (wanted) listen(wanted);
}

function listen(address) {
  stream = new EventSource(address);
  // What changed between the making of the page and the opening of the stream, nobody tells.
  stream.addEventListener("open", soon);
  stream.addEventListener("kpi", soon);
  stream.addEventListener("open", () => connected(true));
  stream.addEventListener("error", () => {
    connected(false);
    if (stream?.readyState === EventSource.CLOSED && followed === address) {
      setTimeout(() => followed === address && listen(address), AGAIN);
    }
  });
}

function soon() {
  clearTimeout(due);
  due = setTimeout(renew, PAUSE);
}

// Put what the page shows now in place, mark what differs, and say it.
async function renew() {
  const before = figures();
  if ((await show(location.href, filledIn)) !== "shown") return;
  const said = [];
  for (const [id, figure] of figures()) {
    if (before.has(id) && before.get(id).text !== figure.text) {
      mark(figure.element);
      if (figure.element.dataset.live) said.push(`${figure.element.dataset.live} – ${figure.said}`);
    }
  }
  if (!said.length) return;
  announce(said.join(". "));
  // What was loaded later rests on what has changed.
  for (const section of document.querySelectorAll("[data-loaded]")) delete section.dataset.loaded;
  loadLater();
}

// What somebody has written and not sent yet is not taken away by what others record.
function filledIn(element) {
  return element instanceof HTMLInputElement && element.value !== element.defaultValue;
}

function connected(is) {
  const lost = document.querySelector("#lost");
  if (!lost || lost.hidden === is) return;
  lost.hidden = is;
  if (!is) announce(lost.textContent);
}

function figures() {
  return new Map(
    [...document.querySelectorAll("[data-live]")].map((element) => {
      const said = words(element.querySelector(".figure") ?? element);
      return [element.id, {element, said, text: words(element)}];
    }),
  );
}

function words(element) {
  return element.textContent.replace(/\s+/g, " ").trim();
}

function mark(element) {
  element.classList.add("changed");
  setTimeout(() => element.classList.remove("changed"), 1500);
}
