// The spans of a trace by keyboard: up and down from one to the next, left and right close and open what is below.
'use strict';

(() => {
  const depth = row => Number(row.dataset.depth);
  const button = row => row.querySelector('.toggle');
  const open = row => button(row)?.getAttribute('aria-expanded') === 'true';
  const rows = row => [...row.parentElement.children].filter(other => !other.hidden);

  /** What is below a closed span is hidden, however many levels down. */
  function update(list) {
    let closed = Infinity;
    for (const row of list.children) {
      if (depth(row) <= closed) closed = Infinity;
      row.hidden = depth(row) > closed;
      if (!row.hidden && button(row) && !open(row)) closed = depth(row);
    }
  }

  function expand(row, expanded) {
    button(row).setAttribute('aria-expanded', expanded);
    update(row.parentElement);
  }

  const parent = row => {
    let above = row.previousElementSibling;
    while (above && depth(above) >= depth(row)) above = above.previousElementSibling;
    return above;
  };
  const focus = row => row?.querySelector('a').focus();

  document.addEventListener('click', event => {
    const toggle = event.target.closest('.waterfall .toggle');
    if (toggle) expand(toggle.parentElement, toggle.getAttribute('aria-expanded') !== 'true');
  });

  document.addEventListener('keydown', event => {
    const row = event.target.closest('.waterfall li');
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const shown = rows(row), at = shown.indexOf(row);
    const keys = {
      ArrowDown: () => focus(shown[at + 1]),
      ArrowUp: () => focus(shown[at - 1]),
      Home: () => focus(shown[0]),
      End: () => focus(shown[shown.length - 1]),
      ArrowLeft: () => open(row) ? expand(row, false) : focus(parent(row)),
      ArrowRight: () => button(row) && !open(row) ? expand(row, true) : button(row) && focus(shown[at + 1]),
    };
    if (!keys[event.key]) return;
    keys[event.key]();
    event.preventDefault();
  });

  // The opened span is marked in the list.
  document.addEventListener('htmx:load', event => {
    const span = event.detail.elt.id === 'span' && event.detail.elt.dataset.span;
    if (!span) return;
    document.querySelector('.waterfall a[aria-current]')?.removeAttribute('aria-current');
    document.getElementById('s-' + span)?.setAttribute('aria-current', 'true');
    if (event.detail.elt.getBoundingClientRect().top > innerHeight) event.detail.elt.scrollIntoView();
  });
})();
