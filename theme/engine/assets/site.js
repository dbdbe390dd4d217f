// What the site does beyond plain HTML: the switch of colours, and the search. Every page reads without it.

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

// The language link leads to the same place of the page, not only to the same page.
function keepPlaceInLanguageLinks() {
  for (const link of document.querySelectorAll("[data-language-link]")) {
    link.addEventListener("click", () => {
      if (location.hash || location.search) {
        const target = new URL(link.href);
        target.hash = location.hash;
        target.search = location.search;
        link.href = target.href;
      }
    });
  }
}

// Pagefind is loaded when somebody wants to search, not on every page.
let loading = null;

function loadSearch() {
  loading ??= new Promise((resolve, reject) => {
    const folder = new URL(document.querySelector(".site-header").dataset.indexes, location.href).href;
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = `${folder}general/pagefind-component-ui.css`;
    // Before our own sheet, which dresses the components.
    document.head.prepend(style);
    const script = document.createElement("script");
    script.src = `${folder}general/pagefind-component-ui.js`;
    script.onload = () => {
      const path = new URL(folder).pathname;
      const settings = { bundlePath: path, excerptLength: 18 };
      const instance = window.PagefindComponents.configureInstance("default", settings);
      // Before the first component is drawn: it would draw its words in English.
      instance.setLanguage(document.documentElement.lang);
      resolve();
    };
    script.onerror = () => reject(new Error("search could not be loaded"));
    document.head.append(script);
  });
  return loading;
}

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#x27;": "'", "&amp;": "&" };

// An excerpt is text with <mark> in it; it is rebuilt from text nodes, so nothing in it can be markup.
function excerptNodes(excerpt) {
  const nodes = [];
  let marked = false;
  for (const part of excerpt.split(/(<\/?mark>)/)) {
    if (part === "<mark>" || part === "</mark>") {
      marked = part === "<mark>";
      continue;
    }
    const text = part.replace(/&(?:lt|gt|quot|#39|#x27|amp);/g, (entity) => ENTITIES[entity]);
    if (text === "") continue;
    if (marked) {
      const mark = document.createElement("mark");
      mark.textContent = text;
      nodes.push(mark);
    } else nodes.push(document.createTextNode(text));
  }
  return nodes;
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
}

function facts(meta) {
  // A sum stays on one line with its unit.
  const amount = meta.amount?.replaceAll(" ", "\u00a0");
  return [meta.department, meta.year, amount].filter(Boolean).join(" · ");
}

function resultParts(result, title) {
  const parts = [element("p", "result-title", title)];
  if (facts(result.meta)) parts.push(element("p", "result-facts", facts(result.meta)));
  if (result.excerpt) parts.push(element("p", "result-excerpt", ...excerptNodes(result.excerpt)));
  return parts;
}

function resultOnPage(result) {
  const link = document.createElement("a");
  link.href = result.url;
  link.textContent = result.meta.title ?? "";
  return element("li", "result", ...resultParts(result, link));
}

let optionNumber = 0;

function resultInBox(result) {
  optionNumber += 1;
  const option = element("a", "search-option", ...resultParts(result, result.meta.title ?? ""));
  option.id = `search-option-${optionNumber}`;
  option.href = result.url;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  return option;
}

// The plain field becomes Pagefind's search box as soon as it is used; Enter still opens the search page.
function setUpSearchForm(form) {
  const plain = form.querySelector("input");
  const upgrade = async () => {
    await loadSearch();
    if (!plain.isConnected) return;
    const box = document.createElement("pagefind-searchbox");
    box.setAttribute("placeholder", plain.placeholder);
    box.setAttribute("max-results", "8");
    box.setAttribute("hide-shortcut", "");
    box.resultTemplate = resultInBox;
    const { value } = plain;
    const hadFocus = document.activeElement === plain;
    plain.replaceWith(box);
    // The component chooses the first result by itself; here nothing is chosen until the reader chooses.
    box.instance.on("results", () => {
      box.activeIndex = -1;
      box.updateSelectionUI();
    });
    const input = box.querySelector("input");
    const label = form.querySelector("label");
    label.htmlFor = input.id;
    input.name = "q";
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || input.hasAttribute("aria-activedescendant")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      form.submit();
    }, { capture: true });
    if (hadFocus) input.focus();
    if (value) {
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  plain.addEventListener("focus", upgrade, { once: true });
  if (document.activeElement === plain) upgrade();
}

async function setUpSearchPage(place) {
  await loadSearch();
  const config = document.createElement("pagefind-config");
  config.setAttribute("faceted", "");
  const input = document.createElement("pagefind-input");
  const filters = document.createElement("pagefind-filter-pane");
  filters.setAttribute("expanded", "");
  const summary = document.createElement("pagefind-summary");
  const results = document.createElement("pagefind-results");
  results.setAttribute("hide-sub-results", "");
  results.resultTemplate = resultOnPage;
  const label = document.createElement("summary");
  // On a phone the filters would push the results off the screen; there they open when asked.
  const folding = element("details", "filters", label, filters);
  folding.open = matchMedia("(min-width: 48.01rem)").matches;
  place.append(config, input, element("div", "search-columns", folding, element("div", "search-found", summary, results)));
  label.textContent = input.instance.translate("filters_label");
  const query = new URL(location.href).searchParams.get("q");
  const { instance } = input;
  instance.on("search", (term) => {
    const address = new URL(location.href);
    if (term) address.searchParams.set("q", term);
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
  });
  // Loading ends with a search for nothing, which shows everything or the facets; the reader's words come after it.
  await instance.triggerLoad();
  if (query) instance.triggerSearch(query);
}

for (const button of document.querySelectorAll("[data-scheme-button]")) setUpSchemeButton(button);
keepPlaceInLanguageLinks();
const searchPage = document.querySelector("[data-search-page]");
if (searchPage) setUpSearchPage(searchPage);
else for (const form of document.querySelectorAll("[data-search]")) setUpSearchForm(form);
