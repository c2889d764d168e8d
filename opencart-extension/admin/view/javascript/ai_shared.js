/* What the pages about models share: a figure beside its baseline, the table of trainings, a job that is followed. */
(function () {
    'use strict';

    const { text, hasText, element, icon, get, post, notice, failureNotice, empty, show, table, explain, format, settings } = window.MesChain;
    const POLL_MILLISECONDS = 1500;
    const known = (prefix, code) => (hasText(prefix + code) ? text(prefix + code) : String(code).replaceAll('_', ' '));

    /** Bars on one scale that starts at zero; the words say which is better. */
    function metric(found) {
        const top = Math.max(found.value, found.baseline) || 1;
        const row = (name, value, look) => {
            const bar = element('span', { class: 'meschain-bar ' + look });
            bar.style.width = Math.max(0.5, (value / top) * 100) + '%';
            return element('div', { class: 'meschain-bar-row' }, element('span', { class: 'meschain-bar-name' }, name),
                element('span', { class: 'meschain-bar-track', 'aria-hidden': 'true' }, bar), element('strong', {}, format.number(value, 3)));
        };
        return element('div', { class: 'meschain-metric' },
            element('h3', { class: 'meschain-metric-name' }, known('metric_', found.name) + ' · ' + text('better_' + found.better),
                hasText('define_' + found.name) ? explain(known('metric_', found.name), text('define_' + found.name)) : null),
            row(text('this_model'), found.value, 'meschain-bar-main'),
            row(known('baseline_', found.baseline_name), found.baseline, 'meschain-bar-compare'),
            element('p', { class: 'small text-body-secondary mb-0' }, text('held_out', { count: format.number(found.held_out) })));
    }

    function runs(rows, withType) {
        if (!rows.length) {
            return empty(text('no_runs'));
        }
        const looks = { published: 'circle-check', not_better: 'equals', not_enough_data: 'hourglass-half', failed: 'circle-exclamation', cancelled: 'circle-stop', running: 'gears' };
        const number = (value) => (value === null ? '–' : format.number(value, 3));
        const columns = [
            { label: text('run_started'), head: true, cell: (run) => format.moment(run.started_at) },
            { label: text('run_why'), minor: true, cell: (run) => known('run_reason_', run.reason) },
            { label: text('run_outcome'), cell: (run) => element('span', {}, icon(looks[run.status] || 'circle-info'), ' ' + known('run_', run.status), run.error ? element('div', { class: 'small text-body-secondary text-break' }, run.error) : null) },
            { label: text('run_challenger'), number: true, cell: (run) => number(run.challenger) },
            { label: text('run_champion'), number: true, cell: (run) => number(run.champion) },
            { label: text('run_rows'), number: true, minor: true, cell: (run) => format.number(run.rows_used) + ' / ' + format.number(run.rows_seen) },
        ];
        if (withType) {
            columns.splice(1, 0, { label: text('run_model'), cell: (run) => text('model_' + run.type) });
        }
        return table(text('runs'), columns, rows);
    }

    /** Polls a job and draws its progress into `target`; resolves with the job as it ended. */
    async function follow(job, target) {
        let current = job;
        let stop = null;
        while (['queued', 'running'].includes(current.status)) {
            const ratio = current.total > 0 ? Math.min(1, current.done / current.total) : null;
            const bar = element('div', { class: 'progress-bar' + (ratio === null ? ' progress-bar-striped progress-bar-animated' : '') });
            bar.style.width = ratio === null ? '100%' : ratio * 100 + '%';
            stop = element('button', { type: 'button', class: 'btn btn-sm btn-light border' }, icon('stop'), ' ' + text('cancel'));
            stop.addEventListener('click', () => post(settings.urls.cancel, { job_id: job.job_id }).catch((error) => show(target, failureNotice(error))));
            const stage = (current.stage || '').replace(/\W+/g, '_');
            show(target, element('div', { class: 'card mb-3' }, element('div', { class: 'card-body' },
                element('div', { class: 'd-flex justify-content-between align-items-center gap-2 mb-2' },
                    element('strong', {}, current.stage ? known('stage_', stage) : text('job_' + current.status)), settings.can.modify ? stop : null),
                element('div', { class: 'progress', role: 'progressbar', 'aria-label': text('training') }, bar),
                element('p', { class: 'small text-body-secondary mt-2 mb-0' }, text('may_leave')))));
            await new Promise((done) => { window.setTimeout(done, POLL_MILLISECONDS); });
            current = (await get(settings.urls.job, { job_id: job.job_id })).job;
        }
        const good = current.status === 'done';
        show(target, notice(good ? 'success' : 'warning', good ? 'circle-check' : 'triangle-exclamation', text('job_' + current.status), current.error ? element('div', { class: 'small' }, current.error) : null));
        return current;
    }

    /** Says what will happen before it does. */
    function confirm(target, question, label, work) {
        const yes = element('button', { type: 'button', class: 'btn btn-sm btn-primary' }, label);
        const no = element('button', { type: 'button', class: 'btn btn-sm btn-light border' }, text('not_now'));
        no.addEventListener('click', () => show(target));
        yes.addEventListener('click', () => {
            show(target);
            work();
        });
        show(target, element('div', { class: 'alert alert-warning meschain-notice', role: 'alertdialog', 'aria-label': question }, icon('circle-question'),
            element('div', { class: 'flex-grow-1' }, element('div', { class: 'mb-2' }, question), yes, ' ', no)));
        yes.focus();
    }

    Object.assign(window.MesChain, { models: { metric, runs, follow, confirm, known } });
}());
