// Makes elements. Text is always a text node, so what a model wrote is never taken for markup.

const SVG = 'http://www.w3.org/2000/svg';

/** An element: h('a', {class: 'x', href: '/'}, 'text', child). Properties that are null or false are left out. */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** A name of several words, which a narrow column may break between them. */
export const name = text => text.split(/(?<=[_.])/).flatMap(part => [part, h('wbr')]);

/** The same for SVG. */
export function s(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

/** Puts new content into a container; what had the focus keeps it, by its data-key. */
export function render(container, ...children) {
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const { key } = focused?.dataset ?? {};
  const caret = focused?.selectionStart;
  container.replaceChildren(...nodes(children));
  const again = key && [...container.querySelectorAll('[data-key]')].find(element => element.dataset.key === key);
  again?.focus({ preventScroll: true });
  if (again && Number.isInteger(caret)) {
    again.value = focused.value; // what was typed while the answer was under way
    again.setSelectionRange(caret, caret);
  }
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...nodes(children));
  return element;
}

function nodes(children) {
  return children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false);
}
