// Checking in, or taking a number, on the telephone that scanned the screen of the hall.
const { assets, site, today } = document.body.dataset;
const [{ el }, { request }, visitors] = await Promise.all(
  ["dom", "http", "visitor"].map((name) => import(`${assets}lib/${name}.js`)),
);

const AGAIN_MS = 15000;
const hall = location.hash.slice(1);
const key = crypto.randomUUID();
const mine = document.getElementById("mine");
const walkIn = document.getElementById("walk-in");
const service = document.getElementById("service");
const take = document.getElementById("take");

function say(text) {
  document.getElementById("messages").textContent = text;
}

// Do something once, and say why if it could not be done.
async function attempt(button, work) {
  say("");
  button.disabled = true;
  try {
    await work();
  } catch (trouble) {
    say(trouble.problem?.invalid_params?.[0]?.reason ?? trouble.message);
    button.disabled = false;
  }
}

function card(booking) {
  const button = el("button", { class: "main", type: "button" }, booking.status === "confirmed" ? "签到" : "看我的号");
  button.addEventListener("click", () =>
    attempt(button, async () => {
      const path = `/appointments/${booking.id}/check-in`;
      show(await request("POST", path, { token: visitors.token(), body: { token: hall } }));
    }),
  );
  return el("article", { class: "card" }, el("h2", {}, booking.text), el("p", {}, `${booking.service_name}，${booking.person}`), button);
}

function show(ticket) {
  const told = {
    waiting: ticket.place && (ticket.place.ahead ? `前面还有 ${ticket.place.ahead} 位` : "下一位就是您"),
    called: `请到 ${ticket.counter} 窗口`,
    serving: `正在 ${ticket.counter} 窗口办理`,
    missed: "叫过您了，没有等到您。请到导办台。",
  };
  mine.replaceChildren(
    el("p", {}, `${ticket.queue}，您的号`),
    el("p", { class: "number" }, ticket.number),
    el("p", {}, told[ticket.state] || ticket.state_text),
    el("p", {}, ticket.place ? `等候时间：${ticket.place.estimate}` : ""),
  );
  walkIn.hidden = true;
  if (!["finished", "left"].includes(ticket.state)) setTimeout(() => again(ticket), AGAIN_MS);
}

async function again(ticket) {
  show(await request("GET", `/tickets/${ticket.id}`, { token: visitors.token() }).catch(() => ticket));
}

async function bookings() {
  const token = visitors.token();
  if (!token) return [];
  const told = await request("GET", "/appointments", { token }).catch(() => ({ bookings: [] }));
  const here = (booking) => booking.day === today && booking.pool.startsWith(`${site}.`);
  return told.bookings.filter((booking) => here(booking) && ["confirmed", "checked_in"].includes(booking.status));
}

take.addEventListener("click", () =>
  attempt(take, async () => {
    if (!service.value) throw new Error("请先选办什么。");
    const body = { service: service.value, token: hall };
    show(await request("POST", `/sites/${site}/tickets`, { token: await visitors.ensureToken(), body, key }));
  }),
);

if (hall) {
  const found = await bookings();
  mine.replaceChildren(
    ...(found.length ? found.map(card) : [el("p", {}, "这台手机上没有今天在这里的预约。在别的手机上约的，请到导办台报预约码签到。")]),
  );
  walkIn.hidden = false;
} else {
  mine.replaceChildren(el("p", {}, "请用手机扫大厅屏幕上的二维码，再打开这一页。"));
}
