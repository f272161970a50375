// The simulator's endpoints, from this page's own host.

const BASE = "/window/citizens";
const PATIENCE_MS = 15000;
const POLL_PATIENCE_MS = 35000;

/** A request that did not work out; status is 0 if there was no answer. */
export class Trouble extends Error {
  constructor(status, say) {
    super(say);
    this.status = status;
  }
}

/** Make a citizen; resolves to the name. */
export async function makeCitizen() {
  return (await ask("", { method: "POST", body: "{}" })).name;
}

/** Let a citizen do something in the conversation. */
export async function push(name, content) {
  await ask(`/${encodeURIComponent(name)}/pushes`, { method: "POST", body: JSON.stringify(content) });
}

/** Wait for what follows the event of a number; resolves to events, after 20 s to none. */
export async function eventsAfter(name, number, signal) {
  const path = `/${encodeURIComponent(name)}/events?after=${number}`;
  return (await ask(path, { signal }, POLL_PATIENCE_MS)).events || [];
}

async function ask(path, { signal, ...options }, patience = PATIENCE_MS) {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const timer = setTimeout(stop, patience);
  if (signal) signal.addEventListener("abort", stop);
  try {
    const response = await fetch(BASE + path, {
      ...options,
      headers: { Accept: "application/json", ...(options.body && { "Content-Type": "application/json" }) },
      cache: "no-store",
      signal: controller.signal,
    });
    if (!response.ok) throw new Trouble(response.status, `模拟器回答 ${response.status}`);
    return await response.json();
  } catch (error) {
    throw error instanceof Trouble ? error : new Trouble(0, "没有连上模拟器");
  } finally {
    clearTimeout(timer);
    if (signal) signal.removeEventListener("abort", stop);
  }
}
