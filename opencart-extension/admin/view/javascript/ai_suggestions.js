/* The inbox: what waits by kind, the list with what would change and why, decisions one by one with progress, and the log. */
window.MesChain.ready(function () {
    'use strict';

    const { settings, text, hasText, element, icon, get, post, withQuery, notice, failureNotice, empty, show, id, announce, table, format, models } = window.MesChain;
    const money = (value) => format.money(value, settings.currency);
    const known = (prefix, code) => (code ? models.known(prefix, code) : '');
    const chosen = new Map();
    const state = Object.assign({ kind: '', status: 'pending', search: '', sort: 'gain', page: '1' }, Object.fromEntries(
        [...new URLSearchParams(window.location.search)].filter(([name]) => ['kind', 'status', 'search', 'sort', 'page'].includes(name))));
    let stopped = false;
    let following = false;

    async function load() {
        try {
            const found = await get(settings.urls.data, state);
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
        chosen.clear();
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
                    element('p', { class: 'small text-body-secondary mb-0' }, count.gain ? text('gain_week', { gain: money(count.gain) }) : text('applied_so_far', { count: format.number(count.applied || 0) })))));
        }));
    }

    function drawList(found) {
        const pending = state.status === 'pending';
        const selectable = pending && settings.can.modify;
        if (id('actions')) {
            id('actions').hidden = !selectable || !found.items.length;
        }
        id('csv').hidden = !(pending && state.kind === 'reorder' && found.items.length);
        id('csv').href = settings.urls.csv;
        show(id('title'), text('status_title_' + state.status));
        if (!found.items.length) {
            show(id('list'), empty(text(state.search ? 'nothing_found' : 'nothing_' + (pending ? 'waits' : 'here'))));
        } else {
            show(id('list'), element('div', { class: 'meschain-inbox' }, selectable ? chooseAll(found.items) : null, found.items.map((one) => row(one, selectable))));
        }
        drawPages(found.total);
        count();
    }

    function chooseAll(items) {
        const box = element('input', { type: 'checkbox', class: 'form-check-input', id: 'meschain-all' });
        box.addEventListener('change', () => {
            items.forEach((one) => choose(one, box.checked));
            id('list').querySelectorAll('input[data-choose]').forEach((other) => { other.checked = box.checked; });
            count();
        });
        return element('div', { class: 'form-check' }, box, element('label', { class: 'form-check-label small', for: 'meschain-all' }, text('choose_page')));
    }

    function choose(one, on) {
        if (on) {
            chosen.set(one.suggestion_id, one);
        } else {
            chosen.delete(one.suggestion_id);
        }
    }

    function row(one, selectable) {
        const name = one.name || text('product_number', { id: one.product_id });
        const link = settings.urls.product ? element('a', { href: withQuery(settings.urls.product, { product_id: one.product_id }) }, name) : name;
        const box = selectable ? element('input', { type: 'checkbox', class: 'form-check-input', 'data-choose': one.suggestion_id, 'aria-label': text('choose_one', { name }), checked: chosen.has(one.suggestion_id) }) : null;
        if (box) {
            box.addEventListener('change', () => {
                choose(one, box.checked);
                count();
            });
        }
        return element('article', { class: 'meschain-inbox-row', 'data-suggestion': one.suggestion_id, 'data-kind': one.kind },
            element('div', { class: 'meschain-inbox-pick' }, box),
            element('div', { class: 'meschain-inbox-what' },
                element('div', { class: 'meschain-inbox-name' }, link, ' ', element('span', { class: 'badge text-bg-light border' }, text('kind_' + one.kind))),
                element('div', { class: 'meschain-inbox-diff' }, difference(one, selectable)),
                element('p', { class: 'small text-body-secondary mb-0' }, because(one))),
            element('div', { class: 'meschain-inbox-facts' },
                one.expected_gain === null ? null : element('div', {}, element('strong', {}, money(one.expected_gain)), ' ', element('span', { class: 'small text-body-secondary' }, text('a_week'))),
                one.confidence === null || one.kind === 'reorder' ? null : element('div', { class: 'small' }, text('sure', { value: format.percent(one.confidence, 0) })),
                one.decided_at && one.status !== 'pending' ? element('div', { class: 'small text-body-secondary' }, format.moment(one.decided_at)) : null,
                one.error ? element('div', { class: 'small meschain-bad' }, icon('triangle-exclamation'), ' ' + told(one.error)) : null,
                one.status === 'applied' && may(one) ? undoButton(one) : null,
                element('div', { class: 'small', 'data-result': true, role: 'status' })));
    }

    function may(one) {
        return one.kind === 'reorder' ? settings.can.modify : settings.can.apply;
    }

    function told(error) {
        const [code, value] = error.split(' ');
        return hasText('told_' + code) ? text('told_' + code, { value: value === undefined ? '' : code === 'price_is' ? money(value) : value }) : error;
    }

    /** What is there and what would be there; a price or a quantity can be changed before it is approved. */
    function difference(one, editable) {
        const after = one.after || one.suggested;
        if (one.kind === 'category') {
            const path = (entry) => entry.path || '#' + entry.category_id;
            return element('ul', { class: 'list-unstyled mb-0' },
                (after.remove || []).map((entry) => element('li', {}, icon('minus'), ' ', element('del', {}, path(entry)), element('span', { class: 'visually-hidden' }, ' ' + text('is_removed')))),
                (after.add || []).map((entry) => element('li', {}, icon('plus'), ' ', element('ins', {}, path(entry)), element('span', { class: 'visually-hidden' }, ' ' + text('is_added')))));
        }
        const price = one.kind === 'price';
        const old = price ? money(one.before.price) : text('in_stock', { count: format.number(one.before.quantity) });
        const value = price ? after.price : after.quantity;
        const fresh = editable && may(one) ? input(one, value) : element('strong', {}, price ? money(value) : text('to_order', { count: format.number(value) }));
        const part = price && one.before.price ? after.price / one.before.price - 1 : null;
        return element('div', { class: 'meschain-inbox-change' }, element('span', { class: 'meschain-price-old' }, old), icon('arrow-right'), fresh,
            part === null ? null : element('span', { class: 'meschain-change' }, icon(part > 0 ? 'arrow-up' : 'arrow-down'), ' ' + format.signedPercent(part)));
    }

    function input(one, value) {
        const field = element('input', {
            type: 'number', class: 'form-control form-control-sm meschain-inbox-value', min: '0', step: one.kind === 'price' ? '0.01' : '1', value: one.kind === 'price' ? Number(value).toFixed(2) : value,
            'aria-label': text(one.kind === 'price' ? 'new_price' : 'new_quantity'),
        });
        field.addEventListener('change', () => { one.replacement = field.value; });
        return field;
    }

    function because(one) {
        const why = one.reason || {};
        if (one.kind === 'price') {
            return [known('price_', why.code), why.bound_by ? text('bound_by', { rule: known('bound_', why.bound_by) }) : ''].filter(Boolean).join(' ');
        }
        if (one.kind === 'reorder') {
            return text('reorder_because', {
                date: why.stock_out_date ? format.date(why.stock_out_date) : '–', units: format.number(why.expected_units || 0), weeks: format.number(why.weeks || 0),
            });
        }
        return text('category_' + (why.code === 'no_category' ? 'none' : 'wrong')) + (why.words && why.words.length ? ' ' + text('words', { words: why.words.join(', ') }) : '');
    }

    function undoButton(one) {
        const button = element('button', { type: 'button', class: 'btn btn-sm btn-light border mt-1' }, icon('rotate-left'), ' ' + text('undo'));
        button.addEventListener('click', async () => {
            button.disabled = true;
            try {
                const { suggestion } = await post(settings.urls.undo, { id: one.suggestion_id });
                announce(text(suggestion.status === 'undone' ? 'undone' : 'not_undone'));
                load();
            } catch (error) {
                button.disabled = false;
                show(id('state'), failureNotice(error));
            }
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

    function count() {
        for (const name of ['approve', 'reject']) {
            if (id(name)) {
                id(name).disabled = !chosen.size;
            }
        }
        if (id('chosen')) {
            id('chosen').textContent = chosen.size ? text('chosen', { count: format.number(chosen.size) }) : '';
        }
    }

    function approve() {
        const all = [...chosen.values()];
        const writable = all.filter(may);
        const number = (kind) => writable.filter((one) => one.kind === kind).length;
        const parts = ['price', 'category', 'reorder'].filter(number).map((kind) => text('will_' + kind, { count: format.number(number(kind)) }));
        if (!writable.length) {
            show(id('confirm'), notice('info', 'circle-info', text('cannot_apply')));
            return;
        }
        models.confirm(id('confirm'), text('will_be_written', { what: parts.join(', ') }), text('write_now'), () => decideAll(writable));
    }

    /** One request a suggestion: leaving the page in the middle leaves none half done. */
    async function decideAll(all) {
        const tally = { applied: 0, other: 0 };
        stopped = false;
        const stop = element('button', { type: 'button', class: 'btn btn-sm btn-light border' }, icon('stop'), ' ' + text('stop'));
        stop.addEventListener('click', () => { stopped = true; });
        for (const [at, one] of all.entries()) {
            if (stopped) {
                break;
            }
            const bar = element('div', { class: 'progress-bar' });
            bar.style.width = ((at + 1) / all.length) * 100 + '%';
            show(id('confirm'), element('div', { class: 'd-flex gap-2 align-items-center mb-3' }, element('div', { class: 'progress flex-grow-1', role: 'progressbar', 'aria-label': text('writing'), 'aria-valuemin': '0', 'aria-valuemax': all.length, 'aria-valuenow': at + 1 }, bar),
                element('span', { class: 'small' }, format.number(at + 1) + ' / ' + format.number(all.length)), stop));
            try {
                const { suggestion } = await post(settings.urls.apply, { id: one.suggestion_id, value: one.replacement === undefined ? '' : one.replacement });
                tally[suggestion.status === 'applied' ? 'applied' : 'other'] += 1;
                result(one, suggestion.status === 'applied' ? 'circle-check' : 'triangle-exclamation', suggestion.status === 'applied' ? text('applied') : told(suggestion.error || suggestion.status));
            } catch (error) {
                tally.other += 1;
                result(one, 'triangle-exclamation', error.message);
                if (error.code === 'signed_out' || error.code === 'permission') {
                    show(id('state'), failureNotice(error));
                    break;
                }
            }
        }
        chosen.clear();
        const message = text('written', { applied: format.number(tally.applied), other: format.number(tally.other) });
        announce(message);
        show(id('confirm'), notice(tally.other ? 'warning' : 'success', tally.other ? 'triangle-exclamation' : 'circle-check', message));
        load();
    }

    function result(one, symbol, message) {
        const target = id('list').querySelector('[data-suggestion="' + one.suggestion_id + '"] [data-result]');
        if (target) {
            show(target, icon(symbol), ' ' + message);
        }
    }

    function reject() {
        const ids = [...chosen.keys()];
        models.confirm(id('confirm'), text('will_be_rejected', { count: format.number(ids.length) }), text('reject_now'), async () => {
            try {
                const { rejected } = await post(settings.urls.reject, { ids });
                chosen.clear();
                show(id('confirm'), notice('info', 'circle-info', text('rejected', { count: format.number(rejected.length) })));
                load();
            } catch (error) {
                show(id('confirm'), failureNotice(error));
            }
        });
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
            const { rows } = await get(settings.urls.history);
            show(id('history'), rows.length ? table(text('history'), [
                { label: text('at'), head: true, cell: (entry) => format.moment(entry.at) },
                { label: text('who'), cell: (entry) => entry.user_name || '–' },
                { label: text('did'), cell: (entry) => text('action_' + entry.action) },
                { label: text('product'), cell: (entry) => (settings.urls.product && entry.product_id ? element('a', { href: withQuery(settings.urls.product, { product_id: entry.product_id }) }, '#' + entry.product_id) : '–') },
                { label: text('what'), minor: true, cell: what },
            ], rows) : empty(text('no_history')));
        } catch (error) {
            show(id('history'), failureNotice(error, loadHistory));
        }
    }

    function what(entry) {
        if (entry.detail && entry.detail.error) {
            return told(entry.detail.error);
        }
        if (entry.kind === 'price' && entry.before && entry.after) {
            return money(entry.before.price) + ' → ' + money(entry.after.price);
        }
        if (entry.kind === 'category' && entry.after) {
            return (entry.after.add || []).map((one) => one.path || '#' + one.category_id).join(', ');
        }
        return entry.kind === 'reorder' && entry.after ? text('to_order', { count: format.number(entry.after.quantity) }) : '–';
    }

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
        id('approve').addEventListener('click', approve);
        id('reject').addEventListener('click', reject);
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
