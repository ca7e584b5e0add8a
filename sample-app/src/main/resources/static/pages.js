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
    if (form?.matches('[data-live]') && event.target.matches('[type=search]')) {
      typing = setTimeout(() => form.isConnected && form.requestSubmit(), 400);
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
  document.addEventListener('htmx:afterOnLoad', () => say(''));

  localTimes(document);
  document.addEventListener('htmx:load', event => localTimes(event.detail.elt));
})();
