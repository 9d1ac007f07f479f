// What pages do beyond being pages: they travel in time, follow what is recorded, load what takes long, and
// check what is filled in.
// Without this file each of them still shows all that it has, by links and forms.
import {check} from "./check.js";
import {follow} from "./live.js";
import {loadLater} from "./later.js";
import {travel} from "./travel.js";
import {shown} from "./page.js";

travel();
check();
shown(() => {
  nameWhatIsShown();
  follow();
  loadLater();
  const citation = document.querySelector("a.citation");
  const address = document.querySelector(".address");
  if (citation && address) address.textContent = citation.href;
});

// The address carries the period that is shown, also where nobody chose one. A view of now has no moment to carry.
function nameWhatIsShown() {
  const address = new URL(location.href);
  const period = document.querySelector("[data-period]")?.dataset.period;
  if (period && !address.searchParams.has("period")) address.searchParams.set("period", period);
  if (document.querySelector("main").dataset.stream) address.searchParams.delete("as_of");
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}
