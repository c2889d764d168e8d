/* Which suggestions are chosen, on this page or on all pages, and what is decided about them: batch by batch, counted, and told at the end. */
(function () {
    'use strict';

    const { settings, text, element, icon, get, post, notice, failureNotice, show, id, announce, format, models, inbox } = window.MesChain;
    const ENDED = { apply: 'applied', undo: 'undone', reject: 'rejected', reopen: 'pending' };
    /** What takes a decision back. */
    const BACK = { apply: 'undo', reject: 'reopen' };
    /** What is sent of what a person put in place of a suggestion. */
    const SENT = ['price', 'quantity', 'category_id'];
    /** Products that are named for each reason why something was not done. */
    const NAMED = 10;
    const chosen = new Map();
    const number = (value) => format.number(value);
    /** Set by the page: what is shown (a query), and drawing it anew. */
    const page = { filter: () => ({}), changed: () => {} };

    function choose(one, on) {
        if (on) {
            chosen.set(one.suggestion_id, one);
        } else {
            chosen.delete(one.suggestion_id);
        }
    }

    function box(one) {
        const made = element('input', { type: 'checkbox', class: 'form-check-input', 'data-choose': one.suggestion_id, 'aria-label': text('choose_one', { name: one.name || text('product_number', { id: one.product_id }) }), checked: chosen.has(one.suggestion_id) });
        made.addEventListener('change', () => {
            choose(one, made.checked);
            count();
        });
        return made;
    }

    /** The box for the page, and beside it, where there are more pages, the offer to choose what is on all of them. */
    function head(items, total) {
        const all = element('input', { type: 'checkbox', class: 'form-check-input', id: 'meschain-all', checked: items.every((one) => chosen.has(one.suggestion_id)) });
        const more = element('div', { class: 'small', id: 'meschain-every', 'aria-live': 'polite' });
        all.addEventListener('change', () => {
            items.forEach((one) => choose(one, all.checked));
            id('list').querySelectorAll('input[data-choose]').forEach((other) => { other.checked = all.checked; });
            show(more, all.checked && total > items.length ? every(more, total) : null);
            count();
        });
        return element('div', { class: 'meschain-inbox-head' },
            element('div', { class: 'form-check mb-0' }, all, element('label', { class: 'form-check-label small', for: 'meschain-all' }, text('choose_page'))), more);
    }

    function every(target, total) {
        const button = element('button', { type: 'button', class: 'btn btn-sm btn-light border' }, icon('list-check'), ' ' + text('choose_every', { count: number(total) }));
        button.addEventListener('click', async () => {
            button.disabled = true;
            try {
                const found = await get(settings.urls.selection, page.filter());
                chosen.clear();
                found.items.forEach((one) => choose(one, true));
                const part = found.total > found.items.length;
                show(target, text(part ? 'first_chosen' : 'every_chosen', { count: number(found.total), limit: number(found.limit) }), ' ', none());
                count();
            } catch (error) {
                show(target, failureNotice(error, () => show(target, every(target, total))));
            }
        });
        return button;
    }

    function none() {
        const button = element('button', { type: 'button', class: 'btn btn-link btn-sm p-0 align-baseline' }, text('choose_none'));
        button.addEventListener('click', () => {
            chosen.clear();
            page.changed();
        });
        return button;
    }

    function count() {
        for (const name of ['approve', 'reject', 'undo', 'reopen']) {
            if (id(name)) {
                id(name).disabled = !chosen.size;
            }
        }
        if (id('chosen')) {
            id('chosen').textContent = chosen.size ? text('chosen', { count: number(chosen.size) }) : '';
        }
    }

    /** What is decided about, in words: so many prices, so many categories. */
    function counted(all) {
        const of = (kind) => all.filter((one) => one.kind === kind).length;
        return ['price', 'category', 'reorder'].filter(of).map((kind) => text('will_' + kind, { count: number(of(kind)) })).join(', ');
    }

    function ask(action, all, question, label) {
        if (!all.length) {
            show(id('confirm'), notice('info', 'circle-info', text('cannot_apply')));
            return;
        }
        const left = chosen.size - all.length;
        const also = left > 0 ? ' ' + text('not_writable', { count: number(left) }) : '';
        models.confirm(id('confirm'), question + also, label, () => decide(action, all));
    }

    function approve() {
        const all = [...chosen.values()].filter(inbox.may);
        const changed = all.filter((one) => inbox.instead.has(one.suggestion_id)).length;
        ask('apply', all, text('will_be_written', { what: counted(all) }) + (changed ? ' ' + text('as_changed', { count: number(changed) }) : ''), text('write_now'));
    }

    function undo() {
        const all = [...chosen.values()].filter(inbox.may);
        ask('undo', all, text('will_be_undone', { what: counted(all) }), text('undo'));
    }

    function reject() {
        const all = [...chosen.values()];
        ask('reject', all, text('will_be_rejected', { count: number(all.length) }), text('reject_now'));
    }

    function reopen() {
        const all = [...chosen.values()];
        ask('reopen', all, text('will_be_reopened', { count: number(all.length) }), text('reopen'));
    }

    function fields(batch) {
        const made = { ids: batch.map((one) => one.suggestion_id) };
        for (const one of batch) {
            made['revision[' + one.suggestion_id + ']'] = one.revision;
            const instead = inbox.instead.get(one.suggestion_id) || {};
            SENT.filter((key) => key in instead).forEach((key) => { made[key + '[' + one.suggestion_id + ']'] = instead[key]; });
        }
        return made;
    }

    /** Batch by batch: each suggestion is whole or not done at all, also when the page is left in the middle. */
    async function decide(action, all) {
        const end = { action, done: [], not: [], left: all.slice(), why: '', unsure: 0 };
        let stopped = false;
        const stop = () => { stopped = true; };
        while (end.left.length && !stopped && !end.why) {
            show(id('confirm'), progress(all.length - end.left.length, all.length, stop));
            const batch = end.left.slice(0, settings.batch[action]);
            try {
                const answer = await post(settings.urls[action], fields(batch));
                record(end, batch, answer.results);
                end.left = end.left.slice(answer.results.length);
                end.why = answer.stopped || (answer.results.length ? '' : text('no_answer'));
            } catch (error) {
                end.why = error.message;
                end.unsure = error.code === 'no_answer' ? batch.length : 0;
            }
        }
        end.done.forEach((one) => inbox.instead.delete(one.suggestion_id));
        chosen.clear();
        count();
        show(id('confirm'), report(end));
        announce(tally(end));
        page.changed();
    }

    function record(end, batch, results) {
        results.forEach((result, at) => {
            if (result.status === ENDED[end.action]) {
                end.done.push(batch[at]);
            } else {
                end.not.push({ one: batch[at], why: result.message || inbox.told(result.error || result.status), detail: result.detail || '' });
            }
        });
    }

    function progress(done, total, stop) {
        const bar = element('div', { class: 'progress-bar' });
        bar.style.width = (done / total) * 100 + '%';
        const button = element('button', { type: 'button', class: 'btn btn-sm btn-light border' }, icon('stop'), ' ' + text('stop'));
        button.addEventListener('click', () => {
            button.disabled = true;
            stop();
        });
        return element('div', { class: 'd-flex gap-2 align-items-center mb-3' },
            element('div', { class: 'progress flex-grow-1', role: 'progressbar', 'aria-label': text('writing'), 'aria-valuemin': '0', 'aria-valuemax': total, 'aria-valuenow': done }, bar),
            element('span', { class: 'small text-nowrap' }, number(done) + ' / ' + number(total)), button);
    }

    function tally(end) {
        return text('tally_' + end.action, { done: number(end.done.length), other: number(end.not.length) });
    }

    /** How many were done; which were not, by reason; what was not come to. What was written or rejected can be taken back at once. */
    function report(end) {
        const whole = !end.not.length && !end.left.length;
        const reasons = new Map();
        end.not.forEach((failed) => reasons.set(failed.why, [...(reasons.get(failed.why) || []), failed]));
        return notice(whole ? 'success' : 'warning', whole ? 'circle-check' : 'triangle-exclamation', tally(end),
            ...[...reasons].map(([why, all]) => element('div', { class: 'small mt-1' }, element('strong', {}, number(all.length) + ' × ' + why), ' ',
                all.slice(0, NAMED).flatMap(({ one }, at) => [at ? ', ' : '', inbox.productLink(one.product_id, one.name)]), all.length > NAMED ? ' ' + text('and_more', { count: number(all.length - NAMED) }) : '',
                exactly(all))),
            end.left.length ? element('div', { class: 'small mt-1' }, [text('not_come_to', { count: number(end.left.length) }), end.why, end.unsure ? text('unsure', { count: number(end.unsure) }) : ''].filter(Boolean).join(' ')) : '',
            BACK[end.action] && end.done.length ? element('div', { class: 'mt-2' }, takeBack(BACK[end.action], end.done)) : '');
    }

    /** What the library said word by word, for whoever wants to know. */
    function exactly(failed) {
        const said = [...new Set(failed.map((one) => one.detail).filter(Boolean))].slice(0, NAMED);
        return said.length ? element('details', {}, element('summary', {}, text('details')), said.map((one) => element('div', {}, element('code', { class: 'text-break' }, one)))) : null;
    }

    /** Only the catalogue is written to after a question: a rejection changed nothing there. */
    function takeBack(action, done) {
        const button = element('button', { type: 'button', class: 'btn btn-sm btn-light border' }, icon('rotate-left'), ' ' + text('take_these_back', { count: number(done.length) }));
        button.addEventListener('click', () => (action === 'undo'
            ? models.confirm(id('confirm'), text('will_be_undone', { what: counted(done) }), text('undo'), () => decide('undo', done)) : decide(action, done)));
        return button;
    }

    Object.assign(inbox, { choice: { page, chosen, box, head, count, approve, reject, undo, reopen, decide } });
}());
