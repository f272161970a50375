// One case: how far it is, and everything that can be done from here.

import "../home.js";
import { link } from "../../appointments/screen.js";
import { screens } from "../../appointments/way.js";
import { el } from "../../lib/dom.js";
import { looked } from "../looked.js";
import { lookedUp, mine } from "../sources.js";
import { asking } from "./asking.js";
import { card } from "./card.js";
import { messages } from "./messages.js";
import { papers } from "./papers.js";
import { withdrawing } from "./withdrawing.js";

const VIEWS = { ask: asking, messages, papers, withdraw: withdrawing };
const { case: id } = document.body.dataset;
const source = id ? mine(id) : lookedUp();

async function screenOf(at) {
  if (!id && !looked()) return nothing();
  return (VIEWS[at.view] || card)(await source.load(), source, at);
}

function nothing() {
  return {
    title: "请先查一次",
    body: [el("p", { class: "lead" }, "查到的件只留在当时的页面里。请输编号和查询码再查。")],
    bar: [link("main", "用编号查", "/cases?view=look")],
    back: { href: "/cases" },
  };
}

screens(screenOf);
