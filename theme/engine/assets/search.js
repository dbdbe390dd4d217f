// What the search field of every page and the search page share: Pagefind, and how a result looks.

let loading = null;

// The folder of the indexes of this page's language.
export function indexes() {
  return new URL(document.querySelector(".site-header").dataset.indexes, location.href).href;
}

// Loads Pagefind, once.
export function loadSearch() {
  loading ??= new Promise((resolve, reject) => {
    const folder = indexes();
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = `${folder}general/pagefind-component-ui.css`;
    // Before our own sheet, which dresses the components.
    document.head.prepend(style);
    const script = document.createElement("script");
    script.src = `${folder}general/pagefind-component-ui.js`;
    script.onload = () => {
      const path = new URL(folder).pathname;
      const settings = { bundlePath: path };
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

// Makes an element; children are elements or text.
export function element(name, className, ...children) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
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

function facts(meta) {
  // A sum stays on one line with its unit.
  const amount = meta.amount?.replaceAll(" ", "\u00a0");
  return [meta.department, meta.year, amount].filter(Boolean).join(" · ");
}

// Title, facts and excerpt of a result.
export function resultParts(result, title) {
  const parts = [element("p", "result-title", title)];
  if (facts(result.meta)) parts.push(element("p", "result-facts", facts(result.meta)));
  if (result.excerpt) parts.push(element("p", "result-excerpt", ...excerptNodes(result.excerpt)));
  return parts;
}

// The address of a result, with the words that the page shall show.
export function addressOf(result) {
  if (!result.words) return result.url;
  const address = new URL(result.url, location.href);
  address.searchParams.set("found", result.words);
  return address.pathname + address.search;
}

let optionNumber = 0;

function resultInBox(result) {
  optionNumber += 1;
  const option = element("a", "search-option", ...resultParts(result, result.meta.title ?? ""));
  option.id = `search-option-${optionNumber}`;
  option.href = addressOf(result);
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  return option;
}

// Puts Pagefind's search box in the place of the plain field of a form.
export async function upgradeForm(form, plain) {
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
}
