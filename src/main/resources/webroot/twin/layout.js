// A floor plan of any number of rooms: wings on both sides of corridors. It depends on the names and
// the width alone, so the plan is the same tomorrow and on the next screen of that size.

const SIZES = {
  roomy: { least: 142, height: 128, corridor: 26 },
  dense: { least: 96, height: 66, corridor: 16 },
};
const DENSE_FROM = 33;
const COLUMNS_MAX = { roomy: 5, dense: 12 };
const MARGIN = 5;

/**
 * @param {string[]} names of the rooms, in their order
 * @param {number} width of the drawing
 * @returns {{width: number, height: number, dense: boolean, corridors: {y: number, height: number}[],
 *   rooms: {x: number, y: number, width: number, height: number, door: 'up' | 'down'}[]}}
 */
export function layout(names, width) {
  const dense = names.length >= DENSE_FROM;
  const kind = dense ? 'dense' : 'roomy';
  const { least, height, corridor } = SIZES[kind];
  const inner = Math.max(width, least) - 2 * MARGIN;
  const columns = Math.max(1, Math.min(COLUMNS_MAX[kind], Math.floor(inner / least)));
  const rooms = [];
  const corridors = [];
  let y = MARGIN;
  for (const [i, row] of rowsOf(names, columns).entries()) {
    const upper = i % 2 === 0;
    rooms.push(...across(row, inner).map((room) => ({ ...room, y, height, door: upper ? 'down' : 'up' })));
    y += height;
    if (!upper) continue;
    corridors.push({ y, height: corridor });
    y += corridor;
  }
  return { width: inner + 2 * MARGIN, height: y + MARGIN, dense, corridors, rooms };
}

// As many in each row as in the others, or one more in the first ones; both sides of a corridor are
// in use as soon as there are three rooms.
function rowsOf(names, columns) {
  const count = Math.max(names.length > 2 ? 2 : 1, Math.ceil(names.length / columns));
  const rows = [];
  for (let row = 0, from = 0; row < count; row++) {
    const to = from + Math.ceil((names.length - from) / (count - row));
    rows.push(names.slice(from, to));
    from = to;
  }
  return rows;
}

// No two rooms of a house are of one width.
function across(names, width) {
  const weights = names.map((name) => 1 + (hash(name) % 40) / 100);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let x = MARGIN;
  return weights.map((weight) => {
    const room = { x, width: (width * weight) / all };
    x += room.width;
    return room;
  });
}

function hash(name) {
  let sum = 7;
  for (let i = 0; i < name.length; i++) sum = (sum * 31 + name.charCodeAt(i)) % 1_000_003;
  return sum;
}
