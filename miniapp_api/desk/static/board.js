// The board says so when it no longer hears from the server: an old number is worse than none.
const lost = document.getElementById("lost");
document.addEventListener("htmx:afterRequest", (event) => {
  lost.hidden = event.detail.successful;
});
