/* The inbox: what waits by kind, the list with what would change and why, decisions one by one with progress, and the log. */
window.MesChain.ready(function () {
    'use strict';

    const { settings, text, known, element, icon, asker, post, withQuery, failureNotice, empty, show, id, table, format, models, inbox } = window.MesChain;
    const { choice, told, said } = inbox;
    const money = (value) => format.money(value, settings.currency);
    const state = Object.assign({ kind: '', status: 'pending', search: '', sort: 'gain', page: '1' }, Object.fromEntries(
        [...new URLSearchParams(window.location.search)].filter(([name]) => ['kind', 'status', 'search', 'sort', 'page'].includes(name))));
    /** What can be done to many at once, by where they are. */
    const STEPS = { pending: ['approve', 'reject'], applied: ['undo'], rejected: ['reopen'] };
    let following = false;
    const list = asker(settings.urls.data);
    const log = asker(settings.urls.history);

    async function load() {
        try {
            const found = await list.ask(state);
            if (!found) {
                return;
            }
            show(id('state'));
            drawKinds(found.counts);
            drawList(found);
            if (found.jobs[0] && ['queued', 'running'].includes(found.jobs[0].status)) {
                follow(found.jobs[0]);
            }
        } catch (error) {
            show(id('kinds'));
            show(id('list'));
            show(id('state'), failureNotice(error, load));
        }
        loadHistory();
    }

    function change(changes) {
        Object.assign(state, { page: '1' }, changes);
        // Another page shows the same selection; another filter is another question.
        if (!('page' in changes)) {
            choice.chosen.clear();
            inbox.instead.clear();
        }
        window.history.replaceState(null, '', withQuery(window.location.href, state));
        load();
    }

    /** The number first: how many wait, and what they are expected to earn. A second press shows all kinds again. */
    function drawKinds(counts) {
        show(id('kinds'), Object.entries(counts).map(([kind, count]) => {
            const on = state.kind === kind;
            const button = element('button', { type: 'button', class: 'btn btn-link p-0 text-start text-decoration-none stretched-link meschain-kpi-name', 'aria-pressed': on ? 'true' : 'false' },
                text('kind_' + kind));
            button.addEventListener('click', () => change({ kind: on ? '' : kind }));
            return element('div', { class: 'col' }, element('div', { class: 'card meschain-kpi h-100 position-relative' + (on ? ' border-primary' : ''), 'data-kind': kind },
                element('div', { class: 'card-body' }, button,
                    element('p', { class: 'meschain-kpi-value' }, text('waiting', { count: format.number(count.pending) })),
                    element('p', { class: 'small text-body-secondary mb-0' }, count.gain ? text('gain_week', { gain: format.about(count.gain, settings.currency) }) : text('applied_so_far', { count: format.number(count.applied || 0) })))));
        }));
    }

    function drawList(found) {
        const pending = state.status === 'pending';
        const steps = STEPS[state.status] || [];
        const selectable = steps.length > 0 && settings.can.modify;
        if (id('actions')) {
            id('actions').hidden = !selectable || !found.items.length;
            for (const name of Object.values(STEPS).flat()) {
                id(name).hidden = !steps.includes(name);
            }
        }
        id('csv').hidden = !(pending && state.kind === 'reorder' && found.items.length);
        id('csv').href = settings.urls.csv;
        show(id('title'), text('status_title_' + state.status));
        if (!found.items.length) {
            show(id('list'), nothing(found.trained));
        } else {
            show(id('list'), element('div', { class: 'meschain-inbox' }, selectable ? choice.head(found.items, found.total) : null,
                found.items.map((one) => inbox.row(one, selectable ? choice.box(one) : null, backButton))));
        }
        drawPages(found.total);
        choice.count();
    }

    /** Why the list is empty, and where to change that. */
    function nothing(trained) {
        if (state.status === 'pending' && !trained) {
            return empty(text('reason_no_model'), settings.urls.models ? element('a', { class: 'btn btn-sm btn-primary', href: settings.urls.models }, text('go_train')) : null);
        }
        const waits = state.kind ? 'kind_waits' : 'waits';
        return empty(text('nothing_' + (state.search ? 'found' : state.status === 'pending' ? waits : 'here')));
    }

    /** Takes the decision about one suggestion back; null where there is none, or not by this user. */
    function backButton(one) {
        const action = { applied: 'undo', rejected: 'reopen' }[one.status];
        if (!action || !(action === 'undo' ? inbox.may(one) : settings.can.modify)) {
            return null;
        }
        const button = element('button', { type: 'button', class: 'btn btn-sm btn-light border mt-1' }, icon(action === 'undo' ? 'rotate-left' : 'inbox'), ' ' + text(action));
        button.addEventListener('click', () => {
            button.disabled = true;
            choice.decide(action, [one]);
        });
        return button;
    }

    function drawPages(total) {
        const pages = Math.max(1, Math.ceil(total / settings.page_size));
        const page = Number(state.page);
        const turn = (to, symbol, label) => {
            const button = element('button', { type: 'button', class: 'btn btn-sm btn-light border', disabled: to < 1 || to > pages }, icon(symbol), ' ' + label);
            button.addEventListener('click', () => change({ page: String(to) }));
            return button;
        };
        show(id('pages'), pages > 1 ? [turn(page - 1, 'chevron-left', text('previous')), element('span', { class: 'small' }, format.number(page) + ' / ' + format.number(pages)), turn(page + 1, 'chevron-right', text('next'))] : []);
    }

    async function follow(job) {
        if (following) {
            return;
        }
        following = true;
        if (id('generate')) {
            id('generate').disabled = true;
        }
        try {
            await models.follow(job, id('job'), 'asking');
            load();
        } catch (error) {
            show(id('job'), failureNotice(error));
        }
        following = false;
        if (id('generate')) {
            id('generate').disabled = false;
        }
    }

    async function loadHistory() {
        try {
            const found = await log.ask();
            if (!found) {
                return;
            }
            const { rows } = found;
            show(id('history'), rows.length ? table(text('history'), [
                { label: text('at'), head: true, cell: (entry) => format.moment(entry.at) },
                { label: text('who'), cell: (entry) => entry.user_name || '–' },
                { label: text('did'), cell: (entry) => element('span', {}, known('action_', entry.action), element('span', { class: 'd-md-none' }, entry.product_id ? [' ', number(entry)] : null)) },
                { label: text('product'), minor: true, cell: (entry) => (entry.product_id ? number(entry) : '–') },
                { label: text('what'), minor: true, cell: what },
            ], rows) : empty(text('no_history')));
        } catch (error) {
            show(id('history'), failureNotice(error, loadHistory));
        }
    }

    function number(entry) {
        return settings.urls.product ? element('a', { href: withQuery(settings.urls.product, { product_id: entry.product_id }) }, '#' + entry.product_id) : '#' + entry.product_id;
    }

    function what(entry) {
        if (entry.detail && entry.detail.error) {
            return told(entry.detail.error);
        }
        if (!entry.after) {
            return '–';
        }
        const changed = entry.detail && entry.detail.suggested ? ' (' + text('instead_of', { what: said(entry.kind, entry.detail.suggested) }) + ')' : '';
        return (entry.kind === 'price' ? money(entry.before.price) + ' → ' : '') + said(entry.kind, entry.after) + changed;
    }

    Object.assign(choice.page, { filter: () => ({ ...state, page: '' }), changed: load });
    for (const name of ['status', 'sort']) {
        id(name).value = state[name];
        id(name).addEventListener('change', () => change({ [name]: id(name).value }));
    }
    id('search').value = state.search;
    id('filters').addEventListener('submit', (event) => {
        event.preventDefault();
        change({ search: id('search').value.trim() });
    });
    id('search').addEventListener('search', () => change({ search: id('search').value.trim() }));
    if (settings.can.modify) {
        id('approve').addEventListener('click', choice.approve);
        id('reject').addEventListener('click', choice.reject);
        id('undo').addEventListener('click', choice.undo);
        id('reopen').addEventListener('click', choice.reopen);
        id('generate').addEventListener('click', async () => {
            try {
                follow((await post(settings.urls.generate, {})).job);
            } catch (error) {
                show(id('state'), failureNotice(error));
            }
        });
    }
    load();
});
