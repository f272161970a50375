// What the pages of cases say where others speak of appointments.

import { homeIs } from "../appointments/screen.js";

homeIs({
  href: "/cases",
  words: "回办件进度",
  expired: "这个页面是从微信打开的，只能用一段时间，现在已经过期了。请回到微信，再问一次「我的件办到哪了」，点新的链接。",
  unknown: "这台手机上的记录已经过期，要重新开始。您的件照常在办：用收件凭证上的编号和查询码就能查到。",
});
