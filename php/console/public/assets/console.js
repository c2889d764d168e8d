/* The console's frame: menu button, language, and forms that answer with JSON (data-oc-toggle, as OpenCart's administration has them). */
(function () {
    'use strict';

    const menu = document.getElementById('column-left');
    const button = document.getElementById('button-menu');
    if (menu && button) {
        const toggle = (open) => {
            menu.classList.toggle('active', open);
            button.setAttribute('aria-expanded', String(menu.classList.contains('active')));
        };
        button.addEventListener('click', () => toggle());
        document.addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && menu.classList.contains('active')) {
                toggle(false);
                button.focus();
            }
        });
    }

    for (const select of document.querySelectorAll('[data-console-submit]')) {
        select.addEventListener('change', () => select.form.submit());
    }

    function say(tone, message) {
        const box = document.createElement('div');
        box.className = 'alert alert-' + tone + ' alert-dismissible';
        box.setAttribute('role', tone === 'danger' ? 'alert' : 'status');
        box.textContent = message;
        const close = document.createElement('button');
        close.type = 'button';
        close.className = 'btn-close';
        close.setAttribute('data-bs-dismiss', 'alert');
        box.append(close);
        document.getElementById('alert').replaceChildren(box);
    }

    async function send(form) {
        const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { Accept: 'application/json' } });
        if (!(answer.headers.get('content-type') || '').includes('json')) {
            window.location.reload();
            return;
        }
        const body = await answer.json();
        if (body.redirect) {
            window.location = body.redirect;
        } else if (body.error) {
            say('danger', typeof body.error === 'string' ? body.error : body.error.warning || '');
        } else if (body.success) {
            say('success', body.success);
        }
    }

    document.addEventListener('submit', (event) => {
        const form = event.target;
        if (form.dataset.ocToggle === 'ajax') {
            event.preventDefault();
            send(form).catch((error) => say('danger', error.message));
        }
    });
}());
