// The page is complete without this; it adds the size of type, and erasing what this phone has left.

import { request } from "../lib/http.js";
import { typeSizeSwitch } from "../lib/type_size.js";
import { forget, token } from "../lib/visitor.js";

const SURE = "删了就找不回来了：聊天、清单、办事人和通知都会删掉。真的要删吗？";

const part = (id) => document.getElementById(id);
let sure = false;

typeSizeSwitch(part("large"));
part("erasing").hidden = !token();
part("erase").addEventListener("click", () => (sure ? erase() : ask(true)));
part("keep").addEventListener("click", () => ask(false));

function ask(again) {
  sure = again;
  part("said").textContent = again ? SURE : "";
  part("erase").textContent = again ? "确定删掉" : "删掉我的全部记录";
  part("keep").hidden = !again;
}

async function erase() {
  part("erase").disabled = true;
  try {
    await request("DELETE", "/visitors/me", { token: token() });
    done();
  } catch (trouble) {
    if (trouble.kind === "stranger") done();
    else {
      ask(false);
      part("said").textContent = trouble.message;
    }
  }
  part("erase").disabled = false;
}

function done() {
  forget();
  part("said").textContent = "已经全部删掉。";
  part("erase").hidden = part("keep").hidden = true;
}
