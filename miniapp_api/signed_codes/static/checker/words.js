// What the page says about a judgement: in large type, in a sentence, and what to do.

const ASK = "有疑问，请主管打 12345 核实，先不要办。";
const AGAIN = "先擦干净、放平，再扫一次。";
const PERSON = "凭证是真的，不等于拿着它的人就是本人；要认人，请看身份证。";
const ONLINE = "等有网络的时候点下面的按钮核对；急办的，请打电话给发证窗口核实。";

const WORDS = { genuine: "真的", revoked: "已作废", online: "要联网核对", forged: "不是我们发的", unread: "没读出来" };
const TONES = { genuine: "good", revoked: "void", online: "warning", forged: "void", unread: "warning" };

const WHY_FORGED = {
  host: ({ host }) => `网址是 ${host} 的，不是我们的，请不要打开它。`,
  changed: () => "签名对不上：是伪造的，或者有数字被改过、抄错了。",
  day: () => "日期不在密钥的有效期里，我们不会这样发。",
  key: () => "我们没有这把密钥。",
};
const WHY_ONLINE = {
  "no lists": () => "这台设备上还没有公钥和作废名单。请先连上网，打开一次这个网页。",
  key: () => "这台设备上的名单里没有这把密钥：可能是新换的，也可能是假的。",
  algorithm: () => "这把密钥的凭证要联网核对，这个网页验不了它的签名。",
  kind: () => "签名是我们的，但是这个网页旧了，不认识这一种凭证。",
  clock: () => "签名是我们的，但是凭证的日期还没到。请看看这台设备的日期对不对。",
  compromised: () => "签名对得上，但是这把密钥泄露过，别人也可能签得出来，只有联网才知道是不是我们发的。",
};
const WHY_UNREAD = {
  "no address": () => "这不是凭证上的网址。凭证的网址里有 /r/ 和一长串数字。",
  letters: () => "网址里混进了数字以外的字，可能被改过。",
  length: ({ length }) =>
    length < 179 ? `没有读全：凭证有 179 位数字，这里只有 ${length} 位。` : `数字多了：凭证有 179 位数字，这里有 ${length} 位。`,
};

/** Give {tone, words, meaning, advice} for a judgement; `at` is when the lists were fetched. */
export function told(judged, name, at) {
  return { tone: TONES[judged.state], words: WORDS[judged.state], ...SAY[judged.state](judged, name, at) };
}

const SAY = {
  genuine: (_, name, at) => ({
    meaning: `这份${name}是我们发的，到${momentText(at)}没有作废。`,
    advice: [PERSON],
  }),
  revoked: (_, name) => ({ meaning: `这份${name}是我们发的，但是已经作废，不能再用。`, advice: [ASK] }),
  online: (judged) => ({ meaning: WHY_ONLINE[judged.why](judged), advice: [ONLINE] }),
  forged: (judged) => ({ meaning: WHY_FORGED[judged.why](judged), advice: judged.why === "changed" ? [AGAIN, ASK] : [ASK] }),
  unread: (judged) => ({ meaning: WHY_UNREAD[judged.why](judged), advice: ["请重新扫一次，或者把网址整段粘贴进来。"] }),
};

/** Write a day, given as 2026-11-25. */
export function dayText(day) {
  const [year, month, date] = day.split("-").map(Number);
  return `${year}年${month}月${date}日`;
}

/** Write a moment in China: 11月25日 14:05. */
export function momentText(at) {
  const [month, date, hour, minute] = new Date(at + 8 * 3_600_000).toISOString().match(/\d+/g).slice(1);
  return `${Number(month)}月${Number(date)}日 ${hour}:${minute}`;
}
