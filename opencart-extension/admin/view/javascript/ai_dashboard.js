/* The four models and their training: what each knows, how well against a naive baseline, progress of the job. */
window.MesChain.ready(function () {
    'use strict';

    const { settings, text, hasText, element, icon, get, post, notice, failureNotice, reason, empty, show, id, announce, table, explain, format } = window.MesChain;
    const POLL_MILLISECONDS = 1500;
    const WAITING_MILLISECONDS = 20000;
    const form = id('train');
    let timer = null;

    async function load() {
        try {
            const found = await get(settings.urls.data);
            show(id('models'), found.models.map(card));
            drawOverview(found.overview);
            drawJobs(found.jobs);
            show(id('state'), found.models.every((model) => model.status === 'none') ? notice('info', 'circle-info', text('never_trained')) : null);
            const open = found.jobs.find((job) => job.status === 'running' || job.status === 'queued');
            if (open && !timer) {
                follow(open);
            }
        } catch (error) {
            show(id('models'));
            show(id('overview'));
            show(id('jobs'));
            show(id('state'), failureNotice(error, load));
        }
    }

    /** What waits, what was decided, what it is expected to earn and what it did earn. */
    function drawOverview(found) {
        if (!found) {
            show(id('overview'));
            return;
        }
        const money = (value) => format.money(value, settings.currency);
        const kinds = Object.entries(found.counts);
        const waiting = kinds.reduce((sum, [, count]) => sum + count.pending, 0);
        const gain = kinds.reduce((sum, [, count]) => sum + count.gain, 0);
        const [month, quarter] = found.decided;
        const real = found.realised;
        show(id('overview'),
            figure('waiting', format.number(waiting), kinds.map(([kind, count]) => text('kind_' + kind) + ' ' + format.number(count.pending)).join(' · '),
                settings.urls.inbox ? element('a', { href: settings.urls.inbox, class: 'btn btn-sm btn-primary mt-2' }, icon('inbox'), ' ' + text('open_inbox')) : null),
            figure('gain', gain ? money(gain) : '–', text('gain_note')),
            figure('decided', format.number(month.applied), text('decided_note', {
                rejected: format.number(month.rejected), undone: format.number(month.undone), quarter: format.number(quarter.applied),
                rate: month.acceptance === null ? '–' : format.percent(month.acceptance, 0),
            })),
            real.available
                ? figure('realised', money(real.gain_a_week), text('realised_note', { lower: money(real.lower), upper: money(real.upper), count: format.number(real.changes) }))
                : figure('realised', '–', text('realised_early')));
        show(id('alerts'), found.alerts.map((alert) => notice(alert.severity === 'critical' || alert.severity === 'high' ? 'danger' : 'warning', 'triangle-exclamation',
            alert.title, element('div', { class: 'small' }, format.moment(alert.at)))));
    }

    function figure(name, value, note, ...more) {
        return element('div', { class: 'col' }, element('div', { class: 'card meschain-kpi h-100', 'data-figure': name }, element('div', { class: 'card-body' },
            element('h2', { class: 'meschain-kpi-name' }, text('figure_' + name), explain(text('figure_' + name), text('define_figure_' + name))),
            element('p', { class: 'meschain-kpi-value' }, value),
            element('div', { class: 'small text-body-secondary' }, note), ...more)));
    }

    function badge(status) {
        const looks = { active: ['success', 'circle-check'], training: ['info', 'gears'], none: ['secondary', 'circle-minus'] };
        const [tone, symbol] = looks[status] || looks.none;
        return element('span', { class: 'badge text-bg-' + tone }, icon(symbol), ' ' + text('status_' + status));
    }

    function fact(label, value) {
        return element('div', { class: 'meschain-fact' }, element('dt', {}, label), element('dd', {}, value));
    }

    function extraName(name) {
        return hasText('extra_' + name) ? text('extra_' + name) : name.replaceAll('_', ' ');
    }

    function card(model) {
        const name = text('model_' + model.type);
        return element('div', { class: 'col' }, element('section', { class: 'card h-100', 'data-model': model.type },
            element('div', { class: 'card-header d-flex justify-content-between align-items-center gap-2' },
                element('h2', { class: 'h6 mb-0' }, name), badge(model.status)),
            element('div', { class: 'card-body' },
                element('p', { class: 'text-body-secondary' }, text('about_' + model.type)),
                model.metric ? metric(model.metric) : empty(model.reason ? reason(model.reason) : text('no_metric')),
                element('dl', { class: 'meschain-facts mt-3 mb-0' },
                    fact(text('version'), model.version || '–'),
                    fact(text('trained_at'), model.trained_at ? format.moment(model.trained_at) : '–'),
                    fact(text('data_size_' + model.type), format.number(model.data_size)),
                    Object.entries(model.extra || {}).map(([key, value]) => fact(extraName(key), format.number(value, Number.isInteger(value) ? 0 : 3)))))));
    }

    /** The model's error beside the baseline's, both on data that neither saw; bars share one scale that starts at zero. */
    function metric(found) {
        const top = Math.max(found.value, found.baseline) || 1;
        const better = found.better === 'higher' ? found.value > found.baseline : found.value < found.baseline;
        const label = hasText('metric_' + found.name) ? text('metric_' + found.name) : found.name;
        const baseline = hasText('baseline_' + found.baseline_name) ? text('baseline_' + found.baseline_name) : found.baseline_name.replaceAll('_', ' ');
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

    function drawJobs(jobs) {
        const status = (job) => text('job_' + job.status) + (job.error ? ': ' + job.error : '');
        show(id('jobs'), jobs.length ? table(text('jobs'), [
            { label: text('job'), head: true, cell: (job) => '#' + job.job_id },
            { label: text('created_at'), cell: (job) => format.moment(job.created_at) },
            { label: text('status'), cell: status },
            { label: text('finished_at'), minor: true, cell: (job) => (job.finished_at ? format.moment(job.finished_at) : '–') },
        ], jobs) : empty(text('no_jobs')));
    }

    function stageName(job) {
        const stage = (job.stage || '').replace(/\W+/g, '_');
        return job.stage ? (hasText('stage_' + stage) ? text('stage_' + stage) : job.stage.replaceAll('_', ' ')) : text('job_' + job.status);
    }

    function progress(job, since) {
        const known = job.total > 0;
        const ratio = known ? Math.min(1, job.done / job.total) : 0;
        const bar = element('div', { class: 'progress-bar' + (known ? '' : ' progress-bar-striped progress-bar-animated') });
        bar.style.width = known ? ratio * 100 + '%' : '100%';
        const stop = element('button', { type: 'button', class: 'btn btn-sm btn-light border' }, icon('stop'), ' ' + text('cancel'));
        stop.addEventListener('click', () => cancel(job, stop));
        const waits = job.status === 'queued' && Date.now() - since > WAITING_MILLISECONDS;
        return element('div', { class: 'card mb-3', 'data-job': job.job_id }, element('div', { class: 'card-body' },
            element('div', { class: 'd-flex justify-content-between align-items-center gap-2 mb-2' },
                element('strong', {}, text('training') + ' #' + job.job_id + ' · ' + stageName(job)), settings.can.modify ? stop : null),
            element('div', {
                class: 'progress', role: 'progressbar', 'aria-label': text('training'), 'aria-valuemin': '0', 'aria-valuemax': '100',
                'aria-valuenow': known ? Math.round(ratio * 100) : null,
            }, bar),
            element('p', { class: 'small text-body-secondary mt-2 mb-0' }, waits ? text('waits_for_worker') : text('may_leave'))));
    }

    function follow(job) {
        const since = Date.now();
        const step = async (current) => {
            if (current.status !== 'queued' && current.status !== 'running') {
                timer = null;
                finished(current);
                return;
            }
            show(id('progress'), progress(current, since));
            timer = window.setTimeout(async () => {
                try {
                    step((await get(settings.urls.job, { job_id: current.job_id })).job);
                } catch (error) {
                    timer = null;
                    show(id('progress'), failureNotice(error, () => follow(current)));
                }
            }, POLL_MILLISECONDS);
        };
        setBusy(true);
        step(job);
    }

    function finished(job) {
        const good = job.status === 'done';
        const look = good ? ['success', 'circle-check'] : job.status === 'cancelled' ? ['info', 'circle-stop'] : ['danger', 'circle-exclamation'];
        show(id('progress'), notice(look[0], look[1], text('training_' + (good ? 'done' : job.status === 'cancelled' ? 'cancelled' : 'failed')),
            job.error ? element('div', { class: 'small' }, job.error) : null));
        announce(text('training_' + (good ? 'done' : 'ended')));
        setBusy(false);
        load();
    }

    async function cancel(job, button) {
        button.disabled = true;
        try {
            await post(settings.urls.cancel, { job_id: job.job_id });
        } catch (error) {
            show(id('state'), failureNotice(error));
        }
    }

    function setBusy(busy) {
        if (form) {
            form.querySelector('button[type="submit"]').disabled = busy;
        }
    }

    if (form) {
        form.addEventListener('submit', async (event) => {
            event.preventDefault();
            const models = new FormData(form).getAll('models');
            if (!models.length) {
                show(id('progress'), notice('warning', 'triangle-exclamation', text('choose_model')));
                return;
            }
            setBusy(true);
            try {
                follow((await post(settings.urls.train, { models })).job);
            } catch (error) {
                setBusy(false);
                show(id('progress'), failureNotice(error));
            }
        });
    }
    load();
});
