// What the site does beyond plain HTML on every page: the switch of colours, the place in the other language, and
// search, which is loaded when somebody wants it. Every page reads without it.

const SCHEMES = ["auto", "light", "dark"];

function currentScheme() {
  return document.documentElement.dataset.scheme ?? "auto";
}

function setUpSchemeButton(button) {
  const show = () => {
    button.querySelector("[data-scheme-name]").textContent = button.dataset[currentScheme()];
  };
  button.addEventListener("click", () => {
    const next = SCHEMES[(SCHEMES.indexOf(currentScheme()) + 1) % SCHEMES.length];
    if (next === "auto") delete document.documentElement.dataset.scheme;
    else document.documentElement.dataset.scheme = next;
    try {
      localStorage.setItem("scheme", next);
    } catch {
      // The choice holds for this page only.
    }
    show();
  });
  button.hidden = false;
  show();
}

// The row or the part of the page in which the words of a search were found, if there is one to link to.
function placeOfFoundWords() {
  const [first] = CSS.highlights?.get("found") ?? [];
  const element = first?.startContainer.parentElement;
  return element?.closest("tr[id]")?.id ?? element?.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby");
}

// The language link leads to the same place of the page, not only to the same page.
function keepPlaceInLanguageLinks() {
  for (const link of document.querySelectorAll("[data-language-link]")) {
    link.addEventListener("click", () => {
      if (location.hash || location.search) {
        const target = new URL(link.href);
        target.hash = location.hash || (placeOfFoundWords() ?? "");
        target.search = location.search;
        link.href = target.href;
      }
    });
  }
}

// The plain field becomes Pagefind's search box as soon as it is used; Enter still opens the search page.
function setUpSearchForm(form) {
  const plain = form.querySelector("input");
  const upgrade = async () => {
    const { upgradeForm } = await import("./search.js");
    await upgradeForm(form, plain);
  };
  plain.addEventListener("focus", upgrade, { once: true });
  if (document.activeElement === plain) upgrade();
}

for (const button of document.querySelectorAll("[data-scheme-button]")) setUpSchemeButton(button);
keepPlaceInLanguageLinks();
const searchPage = document.querySelector("[data-search-page]");
if (searchPage) import("./explorer.js").then(({ setUpSearchPage }) => setUpSearchPage(searchPage));
else for (const form of document.querySelectorAll("[data-search]")) setUpSearchForm(form);
const moneyFrame = document.querySelector("[data-money-tools]");
if (moneyFrame) import("./money.js").then(({ setUpMoney }) => setUpMoney(moneyFrame));
const comparePage = document.querySelector("[data-compare-page]");
if (comparePage) import("./compare.js").then(({ setUpCompare }) => setUpCompare(comparePage));
const form = document.querySelector("[data-form]");
if (form) import("./asfiled.js").then(({ setUpForm }) => setUpForm(form));
const pageSet = document.querySelector("[data-page-set]");
if (pageSet) import("./pageset.js").then(({ setUpPageSet }) => setUpPageSet(pageSet));
const frames = [...document.querySelectorAll("[data-list-tools]")];
if (frames.length > 0) import("./lists.js").then(({ setUpList }) => frames.forEach(setUpList));
if (new URL(location.href).searchParams.has("found")) import("./found.js").then(({ showFound }) => showFound());
