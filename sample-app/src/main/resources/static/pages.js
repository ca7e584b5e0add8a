// What the pages do beyond plain HTML and htmx: local times, filters that act at once, tidy addresses.
'use strict';

(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const pad = (number, length = 2) => String(number).padStart(length, '0');
  const day = t => `${t.getFullYear()}-${pad(t.getMonth() + 1)}-${pad(t.getDate())}`;
  const second = t => `${pad(t.getHours())}:${pad(t.getMinutes())}:${pad(t.getSeconds())}`;

  /** Times come in UTC; they are shown in the browser's zone, and say UTC when pointed at. */
  function localTimes(root) {
    root.querySelectorAll('time[datetime]:not([data-local])').forEach(element => {
      const t = new Date(element.dateTime);
      if (isNaN(t)) return;
      element.dataset.local = '';
      element.title = element.dateTime;
      const today = day(t) === day(new Date());
      const millis = 'short' in element.dataset ? '' : `.${pad(t.getMilliseconds(), 3)}`;
      const brief = 'short' in element.dataset || 'brief' in element.dataset;
      element.textContent = `${today && brief ? '' : day(t) + ' '}${second(t)}${millis}`;
    });
    root.querySelectorAll('[data-zone]').forEach(element => element.textContent = zone);
    root.querySelectorAll('input[data-instant]').forEach(input => {
      const t = new Date(input.dataset.instant);
      input.value = `${day(t)}T${second(t)}`;
      delete input.dataset.instant;
    });
  }

  // A local time of a form becomes an instant; what is empty need not be in the address.
  document.addEventListener('htmx:configRequest', event => {
    const { parameters, elt, verb } = event.detail;
    if (verb !== 'get') return;
    if (elt.matches('[data-range-form]')) {
      for (const name of ['from', 'to']) {
        const t = new Date(parameters[name]);
        if (!isNaN(t)) parameters[name] = t.toISOString();
      }
    }
    for (const name of [...parameters.keys?.() ?? Object.keys(parameters)]) {
      if (parameters[name] === '') delete parameters[name];
    }
  });

  // A filter acts when it is changed: <form data-live>. Text waits until the typing pauses.
  let typing;
  document.addEventListener('change', event => {
    const form = event.target.form;
    if (form?.matches('[data-live]') && !event.target.matches('[type=search]')) form.requestSubmit();
  });
  document.addEventListener('input', event => {
    const form = event.target.form;
    clearTimeout(typing);
    typing = undefined;
    if (form?.matches('[data-live]') && event.target.matches('[type=search]')) {
      typing = setTimeout(() => {
        typing = undefined;
        if (form.isConnected) form.requestSubmit();
      }, 400);
    }
  });

  // Menus close when one clicks elsewhere or presses Escape.
  document.addEventListener('click', event => {
    document.querySelectorAll('details.menu[open]').forEach(menu => menu.contains(event.target) || (menu.open = false));
  });
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    document.querySelectorAll('details.menu[open]').forEach(menu => {
      menu.open = false;
      menu.querySelector('summary').focus();
    });
  });

  // What asks again and again rests while nobody sees it, or while somebody reads what would be replaced.
  document.addEventListener('htmx:beforeRequest', event => {
    const { elt, target } = event.detail;
    if (elt.matches('[data-poll]') && (document.hidden || target.querySelector('details[open]'))) event.preventDefault();
  });

  const notice = document.getElementById('notice');
  const say = text => notice.textContent = text;
  document.addEventListener('htmx:sendError', () => say('The application does not answer.'));
  document.addEventListener('htmx:timeout', () => say('The application takes too long to answer.'));
  document.addEventListener('htmx:afterOnLoad', event => event.detail.failed || say(''));

  // A part of a page stays as it is when the answer is an error, which is a page and has no such part. What is no page
  // at all replaces nothing. What is being typed is not replaced by the answer to its beginning.
  document.addEventListener('htmx:beforeSwap', event => {
    const { xhr, target, requestConfig } = event.detail;
    const html = xhr.getResponseHeader('Content-Type')?.startsWith('text/html');
    if (!html || (xhr.status >= 400 && target.id !== 'page')) {
      event.detail.shouldSwap = false;
      event.detail.isError = true;
      const page = html && new DOMParser().parseFromString(xhr.responseText, 'text/html').getElementById('main');
      const text = selector => page?.querySelector?.(selector)?.textContent.trim();
      say(page ? `${text('h1')}: ${text('p')}` : `The application answers with ${xhr.status}.`);
    } else if (typing && requestConfig.elt.matches('[data-live]')) {
      event.detail.shouldSwap = false;
    }
  });

  // Where a link leads to another page, that is begun at its top, and by keyboard and screen reader, too.
  let shown = location.pathname;
  document.addEventListener('htmx:afterSettle', () => {
    if (location.pathname === shown) return;
    shown = location.pathname;
    scrollTo(0, 0);
    const main = document.getElementById('main');
    if (main && (document.activeElement ?? document.body) === document.body) {
      main.tabIndex = -1;
      main.focus({ preventScroll: true });
    }
  });

  localTimes(document);
  document.addEventListener('htmx:load', event => localTimes(event.detail.elt));
})();
