// HTTP, for when WebSockets fail: one question at a time, each with a time limit.

/** The server said no. */
export class HttpError extends Error {
  /** @param {number} status @param {string} reason @param {number} retryAfterMs 0 if it did not say */
  constructor(status, reason, retryAfterMs) {
    super(reason);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** Only another token helps. */
  get refused() {
    return this.status === 401 || this.status === 403;
  }
}

/**
 * @param {typeof fetch} fetch
 * @param {URL | string} url
 * @param {string | null} token
 * @param {AbortSignal} [signal]
 * @param {number} [limitMs]
 * @returns {Promise<any>} the JSON of the answer
 * @throws {HttpError} for any status but 2xx
 */
export async function getJson(fetch, url, token, signal, limitMs = 10_000) {
  const abort = new AbortController();
  const stop = () => abort.abort();
  const timer = setTimeout(stop, limitMs);
  signal?.addEventListener('abort', stop);
  try {
    const headers = { Accept: 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(url, { headers, signal: abort.signal, cache: 'no-store', credentials: 'same-origin' });
    if (answer.ok) return await answer.json();
    const body = await answer.json().catch(() => ({}));
    const seconds = Number(answer.headers.get('Retry-After')) || 0;
    throw new HttpError(answer.status, String(body.error ?? `HTTP ${answer.status}`), seconds * 1000);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/** Asks again and again, never twice at once. */
export class Poller {
  #ask;
  #everyMs;
  #failed;
  #stop = null;
  #timer;

  /**
   * @param {(signal: AbortSignal) => Promise<boolean>} ask true: there is more, ask again at once
   * @param {() => number} everyMs
   * @param {(error: any) => void} failed
   */
  constructor(ask, everyMs, failed) {
    this.#ask = ask;
    this.#everyMs = everyMs;
    this.#failed = failed;
  }

  get running() {
    return this.#stop !== null;
  }

  start() {
    if (this.#stop) return;
    this.#stop = new AbortController();
    this.#turn(this.#stop.signal);
  }

  /** What is still on its way is not looked at. */
  stop() {
    this.#stop?.abort();
    this.#stop = null;
    clearTimeout(this.#timer);
  }

  async #turn(stopped) {
    let waitMs = this.#everyMs();
    try {
      if (await this.#ask(stopped)) waitMs = 0;
    } catch (error) {
      if (stopped.aborted) return;
      waitMs = Math.max(waitMs, Math.min(error.retryAfterMs ?? 0, 60_000));
      this.#failed(error);
    }
    if (!stopped.aborted) this.#timer = setTimeout(() => this.#turn(stopped), waitMs);
  }
}
