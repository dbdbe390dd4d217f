// Shows on a page the words by which it was found, without changing the page: the browser paints over them.

// How a number may stand on the page: as typed, and in groups of three digits.
function spellings(words) {
  const grouped = /^[0-9]{4,30}$/.test(words) ? [words.replace(/\B(?=(?:[0-9]{3})+$)/g, ",")] : [];
  return [words, ...grouped];
}

function* placesOf(texts, root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    // Letters that change their length with their case would shift the places; there are none in what we compare.
    const content = node.data.toLowerCase();
    if (content.length !== node.data.length) continue;
    for (const text of texts) {
      for (let at = content.indexOf(text); at >= 0; at = content.indexOf(text, at + text.length)) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + text.length);
        yield range;
      }
    }
  }
}

function isSeen(range) {
  return range.getClientRects().length > 0;
}

// Paints the words of ?found= and brings the first of them into view, unless the address names a place.
export function showFound() {
  const words = new URL(location.href).searchParams.get("found")?.trim().toLowerCase();
  if (!words || !CSS.highlights) return;
  const article = document.querySelector("article");
  const places = (texts) => [...placesOf(texts, article)].filter(isSeen);
  const whole = places(spellings(words));
  const found = whole.length > 0 ? whole : places(words.split(/\s+/));
  if (found.length === 0) return;
  CSS.highlights.set("found", new Highlight(...found));
  if (!location.hash) found[0].startContainer.parentElement.scrollIntoView({ block: "center" });
}
