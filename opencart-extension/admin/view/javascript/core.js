/* What the MesChain pages share: settings handed over by the server, sentences, elements, requests, states. */
(function () {
    'use strict';

    // OpenCart loads scripts in the head, before the page is there: the settings are read when it is.
    const settings = { texts: {} };

    /** A sentence of the page's language, with {name} places filled. */
    function text(key, values) {
        const sentence = settings.texts[key];
        if (sentence === undefined) {
            return key;
        }
        return sentence.replace(/\{(\w+)\}/g, (place, name) => (values && name in values ? String(values[name]) : place));
    }

    function hasText(key) {
        return settings.texts[key] !== undefined;
    }

    /** The sentence of a machine word, or the word itself where we have none; nothing for none. */
    function known(prefix, code) {
        if (code === null || code === undefined || code === '') {
            return '';
        }
        return hasText(prefix + code) ? text(prefix + code) : String(code).replaceAll('_', ' ');
    }

    /** Makes an element. Attributes are set as text, children are nodes or text: nothing is ever parsed as HTML. */
    function element(tag, attributes, ...children) {
        const made = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes || {})) {
            if (value !== null && value !== undefined && value !== false) {
                made.setAttribute(name, value === true ? '' : value);
            }
        }
        made.append(...children.flat().filter((child) => child !== null && child !== undefined));
        return made;
    }

    function icon(name) {
        return element('i', { class: 'fa-solid fa-' + name, 'aria-hidden': 'true' });
    }

    /** What went wrong, in words for the page. `code` is the server's machine word. */
    class Failure extends Error {
        constructor(message, code, detail) {
            super(message);
            this.code = code;
            this.detail = detail || '';
        }
    }

    /** A signed-out visitor gets the login page with status 200, so HTML instead of JSON has to be told apart. */
    async function answer(response) {
        const type = response.headers.get('content-type') || '';
        if (!type.includes('json')) {
            const html = await response.text();
            if (/common\/login|id="form-login"|name="password"/.test(html)) {
                throw new Failure(text('signed_out'), 'signed_out');
            }
            throw new Failure(text(response.status === 403 || response.status === 200 ? 'not_permitted' : 'no_answer'),
                response.status === 403 || response.status === 200 ? 'permission' : 'no_answer');
        }
        const body = await response.json();
        if (body.error) {
            throw new Failure(typeof body.error === 'string' ? body.error : text('no_answer'), body.code || 'error', body.detail);
        }
        return body;
    }

    async function request(url, options) {
        let response;
        try {
            response = await fetch(url, { credentials: 'same-origin', headers: { Accept: 'application/json' }, ...options });
        } catch {
            throw new Failure(text('no_answer'), 'no_answer');
        }
        return answer(response);
    }

    function withQuery(url, query) {
        const made = new URL(url, document.baseURI);
        for (const [name, value] of Object.entries(query || {})) {
            if (value !== '' && value !== null && value !== undefined) {
                made.searchParams.set(name, value);
            }
        }
        return made.toString();
    }

    function get(url, query, signal) {
        return request(withQuery(url, query), { signal });
    }

    /**
     * Asks one address again and again. Answers do not come in the order of their questions: the newest question ends the one before,
     * and what was overtaken, or dropped because nobody waits for it any more, is answered with null, also where it failed.
     */
    function asker(url) {
        let flight = new AbortController();
        function drop() {
            flight.abort();
            flight = new AbortController();
            return flight.signal;
        }
        async function ask(query) {
            const signal = drop();
            try {
                const answered = await get(url, query, signal);
                return signal.aborted ? null : answered;
            } catch (error) {
                if (signal.aborted) {
                    return null;
                }
                throw error;
            }
        }
        return { ask, drop };
    }

    function post(url, fields) {
        const body = new URLSearchParams();
        for (const [name, value] of Object.entries(fields || {})) {
            for (const one of Array.isArray(value) ? value : [value]) {
                body.append(Array.isArray(value) ? name + '[]' : name, one);
            }
        }
        return request(url, { method: 'POST', body });
    }

    /** A box that says something, with what to do next: tone 'info', 'warning' or 'danger'. */
    function notice(tone, symbol, message, ...more) {
        return element('div', { class: 'alert alert-' + tone + ' meschain-notice', role: tone === 'danger' ? 'alert' : 'status' },
            icon(symbol), element('div', { class: 'flex-grow-1' }, element('div', {}, message), ...more));
    }

    function failureNotice(error, retry) {
        const more = [];
        if (error.detail) {
            more.push(element('details', { class: 'mt-1 small' }, element('summary', {}, text('details')),
                element('code', { class: 'text-break' }, error.detail)));
        }
        if (error.code === 'signed_out') {
            more.push(element('a', { class: 'btn btn-sm btn-light border mt-2', href: settings.login }, text('sign_in')));
        } else if (retry) {
            const button = element('button', { type: 'button', class: 'btn btn-sm btn-light border mt-2' }, text('try_again'));
            button.addEventListener('click', retry);
            more.push(button);
        }
        more.unshift(element('div', { class: 'small text-body-secondary' }, text('still_holds')));
        return notice('danger', 'circle-exclamation', error.message || text('no_answer'), ...more);
    }

    /** Why something has no answer: the sentence of the reason, or the machine word itself where we have none. */
    function reason(code) {
        return hasText('reason_' + code) ? text('reason_' + code) : text('reason_other', { code });
    }

    function empty(message, ...more) {
        return element('div', { class: 'meschain-empty' }, icon('circle-info'), element('p', {}, message), ...more);
    }

    function show(target, ...children) {
        target.removeAttribute('aria-busy');
        // An explanation hangs on the page itself: nobody could close it once its button is gone.
        target.querySelectorAll('.meschain-info').forEach((button) => window.bootstrap?.Tooltip.getInstance(button)?.dispose());
        target.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
    }

    function id(name) {
        return document.getElementById('meschain-' + name);
    }

    function announce(message) {
        const live = id('live');
        if (live) {
            live.textContent = message;
        }
    }

    /** Columns: {label, cell(row) -> node or text, number: bool, head: bool, minor: bool (left out on a phone)}. */
    function table(caption, columns, rows) {
        const align = (column) => [column.number ? 'text-end' : '', column.minor ? 'd-none d-md-table-cell' : ''].join(' ').trim() || null;
        return element('div', { class: 'table-responsive' }, element('table', { class: 'table table-sm table-hover align-middle mb-0' },
            element('caption', { class: 'visually-hidden' }, caption),
            element('thead', {}, element('tr', {}, columns.map((column) => element('th', { scope: 'col', class: align(column) }, column.label)))),
            element('tbody', {}, rows.map((row) => element('tr', {}, columns.map((column) => (
                column.head
                    ? element('th', { scope: 'row', class: 'fw-normal' }, column.cell(row))
                    : element('td', { class: align(column) }, column.cell(row))
            )))))));
    }

    /** A term and what it is, for a list of facts. */
    function fact(label, value) {
        return element('div', { class: 'meschain-fact' }, element('dt', {}, label), element('dd', {}, value));
    }

    /** An (i) that explains a term on hover, focus and touch. */
    function explain(term, definition) {
        const button = element('button', {
            type: 'button', class: 'btn btn-link meschain-info', 'aria-label': term + ': ' + definition,
            'data-bs-title': definition, 'data-bs-toggle': 'tooltip', 'data-bs-trigger': 'hover focus',
        }, icon('circle-info'));
        if (window.bootstrap) {
            new window.bootstrap.Tooltip(button);
        }
        return button;
    }

    /** Runs a page's script once the page is there. A page that failed has our scripts but nothing for them to draw. */
    function ready(work) {
        const start = () => {
            const source = document.getElementById('meschain-page');
            if (source) {
                Object.assign(settings, JSON.parse(source.textContent));
                work();
            }
        };
        if (document.readyState === 'loading') {
            document.addEventListener('DOMContentLoaded', start);
        } else {
            start();
        }
    }

    window.MesChain = {
        settings, text, hasText, known, element, icon, get, asker, post, withQuery, notice, failureNotice, reason, empty, show, id, announce, table, fact, explain,
        ready,
    };
}());
