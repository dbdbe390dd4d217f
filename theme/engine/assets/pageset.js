// All declarations of a department's year as one set of pages to print: each is taken from its own page, so that paper
// says what the site says. Nothing is fetched before somebody asks.

import { filled } from "./filled.js";

const AT_ONCE = 6;

async function documentAt(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// The addresses of all declarations, of this part of the list and of those that follow it.
async function declarationsFrom(page, address) {
  const rows = [...page.querySelectorAll("table.list tbody th[scope=row] a[href]")];
  const found = rows.map((link) => new URL(link.getAttribute("href"), address).href);
  const next = page.querySelector("nav.parts a[rel=next]");
  if (!next) return found;
  const following = new URL(next.getAttribute("href"), address).href;
  return [...found, ...(await declarationsFrom(await documentAt(following), following))];
}

// The article of a page, as it may stand among others: whole links, and no name that stands twice.
function sheetOf(page, address) {
  const sheet = document.importNode(page.querySelector("article"), true);
  for (const link of sheet.querySelectorAll("a[href]")) link.href = new URL(link.getAttribute("href"), address).href;
  for (const named of sheet.querySelectorAll("[id], [aria-labelledby]")) {
    named.removeAttribute("id");
    named.removeAttribute("aria-labelledby");
  }
  for (const tools of sheet.querySelectorAll("[data-money-tools], .paper, .years-around")) tools.remove();
  const wrapper = document.createElement("section");
  wrapper.className = "sheet";
  wrapper.ariaLabel = sheet.querySelector("h1").textContent;
  wrapper.append(...sheet.childNodes);
  return wrapper;
}

async function sheetsOf(addresses, tell) {
  const sheets = [];
  for (let at = 0; at < addresses.length; at += AT_ONCE) {
    const some = addresses.slice(at, at + AT_ONCE);
    sheets.push(...(await Promise.all(some.map(async (address) => sheetOf(await documentAt(address), address)))));
    tell(sheets.length);
  }
  return sheets;
}

// The button puts all declarations below the list and opens the print dialogue; pressed again, it takes them away.
export function setUpPageSet(button) {
  const { show, hide, progress, failed } = button.dataset;
  const status = document.createElement("span");
  status.role = "status";
  const set = document.createElement("div");
  set.className = "page-set";
  button.after(" ", status);
  const open = async () => {
    const addresses = await declarationsFrom(document, location.href);
    const tell = (done) => {
      status.textContent = filled(progress, { done: String(done), whole: String(addresses.length) });
    };
    set.replaceChildren(...(await sheetsOf(addresses, tell)));
    status.textContent = "";
    button.closest("article").append(set);
    button.textContent = hide;
    window.print();
  };
  button.addEventListener("click", async () => {
    if (set.isConnected) {
      set.remove();
      button.textContent = show;
      return;
    }
    button.disabled = true;
    try {
      await open();
    } catch {
      status.textContent = failed;
    }
    button.disabled = false;
  });
  button.hidden = false;
}
