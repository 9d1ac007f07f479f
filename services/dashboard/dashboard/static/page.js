// The page at another address, put in the place of this one: what is the same stays, and with it focus and scroll.
import {Idiomorph} from "./vendor/idiomorph.js";

const listeners = [];
let asking = null;

// Call back now, and whenever another page has been put in place.
export function shown(callback) {
  listeners.push(callback);
  callback();
}

// Fetch an address and put what it shows in place, but for elements that are to be left. A later call ends an earlier one.
// Returns "shown", "ended" where a later call took its place, or "failed".
export async function show(address, left = () => false) {
  asking?.abort();
  const mine = (asking = new AbortController());
  let answer, text;
  try {
    answer = await fetch(address, {headers: {Accept: "text/html"}, signal: mine.signal});
    text = await answer.text();
  } catch {
    return mine.signal.aborted ? "ended" : "failed";
  }
  if (mine.signal.aborted) return "ended";
  if (!answer.headers.get("Content-Type")?.startsWith("text/html")) return "failed";
  const next = new DOMParser().parseFromString(text, "text/html");
  const own = document.querySelector('link[rel="stylesheet"]').href;
  if (new URL(next.querySelector('link[rel="stylesheet"]').getAttribute("href"), address).href !== own) {
    location.assign(address); // another version of the pages: begin anew
    return "ended";
  }
  document.title = next.title;
  Idiomorph.morph(document.body, next.body, {
    morphStyle: "outerHTML",
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed: (old, fresh) => !(old.id === "announcements" || kept(old, fresh) || left(old)),
      beforeNodeRemoved: (old) => old.id !== "announcements",
    },
  });
  for (const each of listeners) each();
  return "shown";
}

// What was loaded later stays until it is loaded again.
function kept(old, fresh) {
  return old.dataset?.loaded !== undefined && old.dataset.loaded === fresh.dataset?.later;
}

// Say something to those who hear pages.
export function announce(text) {
  document.getElementById("announcements").textContent = text;
}
