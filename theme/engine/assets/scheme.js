// Applies the colours that the reader chose before the page is drawn.
(() => {
  try {
    const scheme = localStorage.getItem("scheme");
    if (scheme === "light" || scheme === "dark") document.documentElement.dataset.scheme = scheme;
  } catch {
    // A browser that keeps no storage follows the system.
  }
})();
