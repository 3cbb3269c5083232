// A line of values over the ground, drawn into an svg whose viewBox is 100 by 30.

/**
 * @param {SVGElement} svg with a polygon for what is under the line, and a polyline
 * @param {number[]} values none below 0, oldest first, the newest at the right
 * @param {number} room for so many
 */
export function draw(svg, values, room) {
  const most = Math.max(...values, Number.MIN_VALUE);
  const x = (i) => (((i + room - values.length) / (room - 1)) * 100).toFixed(1);
  const line = values.map((value, i) => `${x(i)},${(28 - (value / most) * 26).toFixed(1)}`);
  svg.querySelector('polyline').setAttribute('points', line.join(' '));
  svg.querySelector('polygon').setAttribute('points', `${x(0)},30 ${line.join(' ')} 100,30`);
}
