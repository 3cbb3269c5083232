// The token that came with the page's address, kept for this tab and out of sight.

const KEY = 'spillway.token';

/**
 * Takes `?token=` or `#token=` out of the address bar and keeps it until the tab is closed.
 * @returns {string | null} null: there is none
 */
export function tokenOfPage() {
  if (typeof location === 'undefined') return null;
  const url = new URL(location.href);
  const hash = new URLSearchParams(url.hash.slice(1));
  const found = hash.get('token') ?? url.searchParams.get('token');
  if (found === null) return kept(() => sessionStorage.getItem(KEY));
  url.searchParams.delete('token');
  if (hash.has('token')) {
    hash.delete('token');
    url.hash = hash.toString();
  }
  history.replaceState(history.state, '', url);
  keepToken(found);
  return found;
}

/** @param {string | null} token null forgets it */
export function keepToken(token) {
  kept(() => (token ? sessionStorage.setItem(KEY, token) : sessionStorage.removeItem(KEY)));
}

// A browser may forbid it; then the token lasts as long as the page.
function kept(action) {
  try {
    return action() ?? null;
  } catch {
    return null;
  }
}
