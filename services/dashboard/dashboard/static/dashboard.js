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
  follow();
  loadLater();
  const citation = document.querySelector("a.citation");
  const address = document.querySelector(".address");
  if (citation && address) address.textContent = citation.href;
});
