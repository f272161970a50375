// The area for messages: emptied when somebody does something, and never silent when that fails.
// An answer that goes elsewhere (HX-Retarget) says there what is wrong.
const messages = () => document.getElementById("messages");

function say(text) {
  const box = document.createElement("div");
  box.className = "message bad";
  box.setAttribute("role", "alert");
  box.textContent = text;
  messages().replaceChildren(box);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!("X-Background" in event.detail.requestConfig.headers)) messages().replaceChildren();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const { successful, xhr } = event.detail;
  if (successful) return;
  if (xhr.status === 0) say("连不上服务器，没有办成。请检查网络，稍等片刻再试。");
  else if (!messages().childElementCount && !xhr.getResponseHeader("HX-Retarget")) say("系统出错，没有办成。请刷新页面再试。");
});
