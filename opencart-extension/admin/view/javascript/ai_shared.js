/* What the pages about models share: a figure beside its baseline, the table of trainings, a job that is followed. */
(function () {
    'use strict';

    const { settings, text, hasText, known, element, icon, get, post, notice, failureNotice, reason, empty, show, table, fact, explain, format } = window.MesChain;
    const POLL_MILLISECONDS = 1500;
    const WAITING_MILLISECONDS = 20000;

    /** The model's error beside the baseline's, both on data that neither saw; bars share one scale that starts at zero. */
    function metric(found) {
        const top = Math.max(found.value, found.baseline) || 1;
        const better = found.better === 'higher' ? found.value > found.baseline : found.value < found.baseline;
        const label = known('metric_', found.name);
        const baseline = known('baseline_', found.baseline_name);
        const row = (name, value, look) => {
            const bar = element('span', { class: 'meschain-bar ' + look });
            bar.style.width = Math.max(0.5, (value / top) * 100) + '%';
            return element('div', { class: 'meschain-bar-row' }, element('span', { class: 'meschain-bar-name' }, name),
                element('span', { class: 'meschain-bar-track', 'aria-hidden': 'true' }, bar), element('strong', {}, format.number(value, 3)));
        };
        return element('div', { class: 'meschain-metric' },
            element('h3', { class: 'meschain-metric-name' }, label + ' · ' + text('better_' + found.better),
                hasText('define_' + found.name) ? explain(label, text('define_' + found.name)) : null),
            row(text('this_model'), found.value, 'meschain-bar-main'),
            row(baseline, found.baseline, 'meschain-bar-compare'),
            element('p', { class: 'small mb-0 meschain-' + (better ? 'good' : found.value === found.baseline ? 'flat' : 'bad') },
                icon(better ? 'circle-check' : found.value === found.baseline ? 'equals' : 'triangle-exclamation'), ' ',
                comparison(found, better)));
    }

    /** Errors are compared in percent; what should be high, by how many times it is the baseline. */
    function comparison(found, better) {
        const count = format.number(found.held_out);
        if (!found.baseline) {
            return text('held_out', { count });
        }
        if (found.value === found.baseline) {
            return text('equals', { count });
        }
        if (found.better === 'higher') {
            return text('times', { times: format.number(found.value / found.baseline, 2), count });
        }
        return text(better ? 'beats' : 'loses', { gain: format.percent(Math.abs(found.value / found.baseline - 1)), count });
    }

    /** What a model is for, how good it is, and where it comes from; or what its last training, `run`, lacked. */
    function summary(model, run) {
        return [
            element('p', { class: 'text-body-secondary' }, text('about_' + model.type)),
            model.metric ? metric(model.metric) : run && run.status === 'not_enough_data' ? empty(reason(run.status), because(run)) : empty(model.reason ? reason(model.reason) : text('no_metric')),
            !model.version ? null : element('dl', { class: 'meschain-facts mt-3 mb-0' },
                fact(text('version'), model.version),
                fact(text('trained_at'), format.moment(model.trained_at)),
                fact(text('data_size_' + model.type), format.number(model.data_size)),
                Object.entries(model.extra || {}).map(([key, value]) => fact(known('extra_', key), format.number(value, 3)))),
        ];
    }

    /** The figures of a model that lost and what thin data lacked, in the language of the page; of what failed, what the library says. */
    function because(run) {
        const said = lost(run) || lacked(run) || run.error;
        return said ? element('div', { class: 'small text-body-secondary text-break', title: said === run.error ? null : run.error }, said) : null;
    }

    function lost(run) {
        return run.status === 'not_better' && run.metric && run.challenger !== null && run.champion !== null
            ? text('run_lost', { metric: known('metric_', run.metric), challenger: format.number(run.challenger, 3), champion: format.number(run.champion, 3) }) : null;
    }

    function lacked(run) {
        const [, needed, unit, found] = (run.status === 'not_enough_data' && /^needs (\d+) (.+), found (\d+)$/.exec(run.error)) || [];
        return unit ? text('run_lacked', { what: known('unit_', unit.replaceAll(' ', '_')), needed: format.number(needed), found: format.number(found) }) : null;
    }

    function runs(rows, withType) {
        if (!rows.length) {
            return empty(text('no_runs'));
        }
        const looks = { published: 'circle-check', not_better: 'equals', not_enough_data: 'hourglass-half', failed: 'circle-exclamation', cancelled: 'circle-stop', running: 'gears' };
        const number = (value) => (value === null ? '–' : format.number(value, 3));
        const columns = [
            { label: text('run_started'), head: true, cell: (run) => element('span', {}, withType ? element('strong', { class: 'd-block d-md-none' }, text('model_' + run.type)) : null, format.moment(run.started_at)) },
            { label: text('run_why'), minor: true, cell: (run) => known('run_reason_', run.reason) },
            { label: text('run_mode'), minor: true, cell: (run) => element('span', { 'data-mode': run.mode }, known('run_mode_', run.mode),
                run.full_because ? element('div', { class: 'small text-body-secondary' }, known('full_because_', run.full_because)) : null) },
            { label: text('run_outcome'), cell: (run) => element('span', {}, icon(looks[run.status] || 'circle-info'), ' ' + known('run_', run.status),
                element('span', { class: 'd-md-none' }, ' · ' + known('run_mode_', run.mode)), because(run)) },
            { label: text('run_challenger'), number: true, minor: true, cell: (run) => number(run.challenger) },
            { label: text('run_champion'), number: true, minor: true, cell: (run) => number(run.champion) },
            { label: text('run_rows'), number: true, minor: true, cell: (run) => (run.rows_seen ? format.number(run.rows_used) + ' / ' + format.number(run.rows_seen) : '–') },
        ];
        if (withType) {
            columns.splice(1, 0, { label: text('run_model'), minor: true, cell: (run) => text('model_' + run.type) });
        }
        return table(text('runs'), columns, rows);
    }

    function progress(job, since, target) {
        const ratio = job.total > 0 ? Math.min(1, job.done / job.total) : null;
        const bar = element('div', { class: 'progress-bar' + (ratio === null ? ' progress-bar-striped progress-bar-animated' : '') });
        bar.style.width = ratio === null ? '100%' : ratio * 100 + '%';
        const stop = element('button', { type: 'button', class: 'btn btn-sm btn-light border' }, icon('stop'), ' ' + text('cancel'));
        stop.addEventListener('click', () => {
            stop.disabled = true;
            post(settings.urls.cancel, { job_id: job.job_id }).catch((error) => show(target, failureNotice(error)));
        });
        const stage = job.stage ? known('stage_', job.stage.replace(/\W+/g, '_')) : text('job_' + job.status);
        const waits = job.status === 'queued' && Date.now() - since > WAITING_MILLISECONDS;
        return element('div', { class: 'card mb-3', 'data-job': job.job_id }, element('div', { class: 'card-body' },
            element('div', { class: 'd-flex justify-content-between align-items-center gap-2 mb-2' }, element('strong', {}, text('job') + ' #' + job.job_id + ' · ' + stage), settings.can.modify ? stop : null),
            element('div', { class: 'progress', role: 'progressbar', 'aria-label': stage, 'aria-valuemin': '0', 'aria-valuemax': '100', 'aria-valuenow': ratio === null ? null : Math.round(ratio * 100) }, bar),
            element('p', { class: 'small text-body-secondary mt-2 mb-0' }, text(waits ? 'waits_for_worker' : 'may_leave'))));
    }

    /** Draws a job's progress into `target` until it ends, then how it ended, in the sentences `ending`_done, _cancelled and _failed. */
    async function follow(job, target, ending) {
        const since = Date.now();
        let current = job;
        while (['queued', 'running'].includes(current.status)) {
            show(target, progress(current, since, target));
            await new Promise((done) => { window.setTimeout(done, POLL_MILLISECONDS); });
            current = (await get(settings.urls.job, { job_id: job.job_id })).job;
        }
        const [tone, symbol, how] = { done: ['success', 'circle-check', 'done'], cancelled: ['info', 'circle-stop', 'cancelled'] }[current.status] || ['danger', 'circle-exclamation', 'failed'];
        show(target, notice(tone, symbol, text(ending + '_' + how), current.error ? element('div', { class: 'small' }, current.error) : null));
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

    Object.assign(window.MesChain, { models: { summary, runs, follow, confirm } });
}());
