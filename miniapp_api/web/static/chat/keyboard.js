// Phones that lay their keyboard over the page instead of shrinking it.

const ZOOMED = 1.05;

/** Keep the page exactly as tall as what can be seen, so that the input stays above the keyboard. */
export function followKeyboard() {
  const view = window.visualViewport;
  if (!view) return;
  const fit = () => {
    if (view.scale > ZOOMED) return;
    document.documentElement.style.setProperty("--seen", `${view.height}px`);
    if (view.offsetTop > 0) window.scrollTo(0, 0);
  };
  view.addEventListener("resize", fit);
  view.addEventListener("scroll", fit);
  fit();
}
