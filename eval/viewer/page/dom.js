/**
 * An element with properties and children. Children that are texts become text nodes: nothing that comes from a row
 * is ever read as markup.
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'dataset') Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

export const count = (number) => number.toLocaleString('en-US');

/** `1 row`, `2 rows`. */
export const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;

/** The names of facets and their values as people read them. */
export const words = (name) => name.replaceAll('_', ' ');

let noticeTimer;

/** Says something for a few seconds, also to those who do not see it. */
export function notice(text) {
  const place = byId('notice');
  place.textContent = text;
  place.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => {
    place.hidden = true;
  }, 5000);
}

const isCalm = matchMedia('(prefers-reduced-motion: reduce)');

/** Scrolls an element into sight, at once where motion is not wanted. */
export function scrollTo(element, block) {
  element?.scrollIntoView({ block, behavior: isCalm.matches ? 'auto' : 'smooth' });
}
