// Runs before the first paint, so that a window in large type never flashes in normal type.
try {
  if (JSON.parse(localStorage.getItem("daoban.large"))) {
    document.documentElement.classList.add("large");
  }
} catch {
  // Storage is shut (private browsing): the window opens in normal type.
}
