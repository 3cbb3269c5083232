// Light or dark as it was chosen here, before anything is drawn; without a choice as the system has it.
// A script of the head, no module: those wait until the page is there, and it would flash.
try {
  const chosen = localStorage.getItem('spillway.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // a browser may forbid it
}
