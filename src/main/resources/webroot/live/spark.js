// A line of values, drawn into an svg whose viewBox is 100 wide.

const SVG = 'http://www.w3.org/2000/svg';

/** An empty line. */
export function spark() {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'spark');
  svg.setAttribute('viewBox', '0 0 100 30');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS(SVG, 'polyline'));
  return svg;
}

/**
 * @param {SVGElement} svg
 * @param {number[]} values oldest first
 * @param {{fromZero?: boolean, filled?: boolean}} [look]
 */
export function draw(svg, values, { fromZero = false, filled = false } = {}) {
  const line = svg.querySelector('polyline');
  const least = fromZero ? 0 : Math.min(...values);
  const span = Math.max(...values) - least;
  const y = (value) => (span > 0 ? 28 - ((value - least) / span) * 26 : fromZero ? 28 : 15);
  const step = 100 / Math.max(1, values.length - 1);
  const points = values.map((value, i) => `${(i * step).toFixed(1)},${y(value).toFixed(1)}`);
  if (filled) { // down to the ground, with the corners out of sight
    points.unshift('-5,35', `-5,${y(values[0]).toFixed(1)}`);
    points.push(`105,${y(values.at(-1)).toFixed(1)}`, '105,35');
  }
  line.setAttribute('points', points.join(' '));
}
