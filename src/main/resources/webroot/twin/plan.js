// All sites that are chosen, each a building; those near the part that is looked at are kept up to date.
import { Building } from './building.js';

const SITES_MAX = 50;
const SMALL_MAX = 8; // rooms of a site that leaves room for another beside it
const NEAR = '600px';

export class Plan {
  #root;
  #open;
  /** @type {Map<string, Building>} */
  #buildings = new Map();
  #sites = new Map();
  #seen;
  #width = 0;

  /** @param {HTMLElement} root @param {(key: string) => void} open */
  constructor(root, open) {
    this.#root = root;
    this.#open = open;
    this.#seen = new IntersectionObserver((entries) => entries.forEach((one) => this.#nearness(one)), { rootMargin: NEAR });
    new ResizeObserver(() => this.#resized()).observe(root);
  }

  /**
   * @param {Map<string, import('./room.js').Room[]>} sites in their order
   * @returns {number} how many of them are not drawn
   */
  show(sites) {
    const drawn = [...sites.keys()].slice(0, SITES_MAX);
    for (const [site, building] of this.#buildings) {
      if (drawn.includes(site)) continue;
      this.#seen.unobserve(building.node);
      building.node.remove();
      this.#buildings.delete(site);
    }
    this.#sites = sites;
    drawn.forEach((site, i) => {
      const { node } = this.#building(site);
      if (this.#root.children[i] !== node) this.#root.insertBefore(node, this.#root.children[i] ?? null);
    });
    this.#lay();
    return sites.size - drawn.length;
  }

  /** These rooms, or all, as they are now. */
  refresh(changed) {
    for (const building of this.#buildings.values()) building.refresh(changed);
  }

  #building(site) {
    const known = this.#buildings.get(site);
    if (known) return known;
    const building = new Building(site, this.#open);
    this.#buildings.set(site, building);
    this.#seen.observe(building.node);
    return building;
  }

  #nearness({ target, isIntersecting }) {
    for (const building of this.#buildings.values()) {
      if (building.node === target) building.near = isIntersecting;
    }
  }

  #resized() {
    if (Math.abs(this.#root.clientWidth - this.#width) < 2) return;
    this.#lay();
  }

  // All that is written first, then all that is measured, then what is drawn in it.
  #lay() {
    const all = [...this.#buildings].map(([site, building]) => [building, this.#sites.get(site) ?? []]);
    this.#width = this.#root.clientWidth;
    for (const [building, rooms] of all) building.node.classList.toggle('large', rooms.length > SMALL_MAX);
    const widths = all.map(([building]) => building.width);
    all.forEach(([building, rooms], i) => building.show(rooms, widths[i]));
  }
}
