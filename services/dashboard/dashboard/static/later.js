// What takes long to work out is loaded when it comes into sight, from the page that has it by itself.
const seen = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => load(entry.target)),
  {rootMargin: "200px"},
);

export function loadLater() {
  seen.disconnect();
  for (const section of document.querySelectorAll("[data-later]")) {
    if (section.dataset.loaded !== section.dataset.later) seen.observe(section);
  }
}

async function load(section) {
  seen.unobserve(section);
  const address = section.dataset.later;
  section.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, {headers: {Accept: "text/html"}});
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.querySelector(".part");
    if (part && section.dataset.later === address) {
      rebase(part, new URL(address, location.href));
      section.querySelector(".part").replaceChildren(...part.childNodes);
      section.dataset.loaded = address;
    }
  } catch {
    // The link to the page by itself is still there.
  } finally {
    section.removeAttribute("aria-busy");
  }
}

// Links are relative to the page that they come from.
function rebase(part, address) {
  for (const link of part.querySelectorAll("a[href]")) {
    const target = new URL(link.getAttribute("href"), address);
    link.setAttribute("href", target.pathname + target.search + target.hash);
  }
}
