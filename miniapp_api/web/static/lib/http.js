// One request to the API, and every way it can fail said in plain Chinese.

const BASE = "/api/v1";
const PATIENCE_MS = 30000;
const SHORT_WAIT_S = 3;
const SLOW = "等了很久没有回音。请看看网络，再点「重试」。";

/**
 * A request that did not work out.
 *
 * kind: "lost" (no answer: it may or may not have arrived), "busy" (asked to wait: nothing was
 * done), "stranger" (the visitor is not known any more), "missing" (no such thing), "refused" (it
 * will not do). seconds: how long to wait, where the server said so. problem: what the server
 * said, {code, detail, invalid_params, alternatives…}, as far as it did.
 */
export class Trouble extends Error {
  constructor(kind, say, seconds = null, problem = {}) {
    super(say);
    this.kind = kind;
    this.seconds = seconds;
    this.problem = problem;
  }
}

/**
 * Send a request; resolves to the content of a 2xx answer, null if it has none; else throws Trouble.
 *
 * content: {token, body, key: the Idempotency-Key, as: "text" for what is not JSON,
 * outlive: whether the request goes on when the page is left}.
 *
 * Asked to wait a moment, it waits and asks once more: a server that says so has done nothing yet.
 */
export async function request(method, path, content = {}) {
  try {
    return await once(method, path, content);
  } catch (trouble) {
    if (trouble.kind !== "busy" || !(trouble.seconds <= SHORT_WAIT_S)) throw trouble;
    await new Promise((resolve) => setTimeout(resolve, trouble.seconds * 1000));
    return once(method, path, content);
  }
}

async function once(method, path, { token = null, body = null, key = null, as = "json", outlive = false }) {
  const headers = { Accept: as === "json" ? "application/json" : "*/*" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  const { signal, stop } = patience();
  try {
    const response = await fetch(BASE + path, {
      method,
      headers,
      signal,
      body: body && JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      keepalive: outlive,
    });
    if (!response.ok) await refuse(response);
    return response.status === 204 ? null : await response[as]();
  } catch (error) {
    throw error instanceof Trouble ? error : new Trouble("lost", unheard(error));
  } finally {
    stop();
  }
}

function patience() {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PATIENCE_MS);
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}

function unheard(error) {
  if (error.name === "AbortError") return SLOW;
  if (error instanceof SyntaxError) return "系统的回答没有收全。请再点「重试」。";
  if (navigator.onLine === false) return "手机现在没有网络。连上网后，请点「重试」。";
  return "没有连上，可能是网络断了。请点「重试」。";
}

async function refuse(response) {
  const { status } = response;
  const seconds = Number.parseInt(response.headers.get("Retry-After"), 10);
  const problem = await response.json().catch(() => ({}));
  if (status === 429 || (status === 503 && seconds > 0)) {
    throw new Trouble("busy", pause(seconds), seconds, problem);
  }
  if (status === 401) throw new Trouble("stranger", "您离开得有点久，上次的对话已经过期。", null, problem);
  if (status >= 500) throw new Trouble("lost", "系统暂时出了点问题，不是您的错。请稍等再点「重试」。", null, problem);
  const say = problem.detail || "这一步没有办成。请换个说法试试，或拨打 12345。";
  throw new Trouble(status === 404 ? "missing" : "refused", say, null, problem);
}

function pause(seconds) {
  const wait = seconds > 0 && seconds < 600 ? `${seconds} 秒` : "一会儿";
  return `现在问的人有点多，请等 ${wait}再点「重试」。`;
}
