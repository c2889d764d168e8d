/* The four models and their training: what each knows, how well against a naive baseline, progress of the job. */
window.MesChain.ready(function () {
    'use strict';

    const { settings, text, element, icon, get, post, notice, failureNotice, empty, show, id, announce, table, explain, format, models } = window.MesChain;
    const form = id('train');
    let following = false;

    async function load() {
        try {
            const found = await get(settings.urls.data);
            show(id('models'), found.models.map((model) => card(model, found.runs.find((run) => run.type === model.type))));
            drawOverview(found.overview);
            drawJobs(found.jobs);
            show(id('state'), found.models.every((model) => model.status === 'none') ? notice('info', 'circle-info', text('never_trained')) : null);
            const open = found.jobs.find((job) => job.status === 'running' || job.status === 'queued');
            if (open && !following) {
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
        const money = (value) => format.about(value, settings.currency);
        const kinds = Object.entries(found.counts);
        const waiting = kinds.reduce((sum, [, count]) => sum + count.pending, 0);
        const gain = kinds.reduce((sum, [, count]) => sum + count.gain, 0);
        const [month, quarter] = found.decided;
        const real = found.realised;
        show(id('overview'),
            figure('waiting', format.number(waiting), kinds.map(([kind, count]) => text('kind_' + kind) + ' ' + format.number(count.pending)).join(' · '),
                settings.urls.inbox ? element('a', { href: settings.urls.inbox, class: 'btn btn-sm btn-primary mt-2' }, icon('inbox'), ' ' + text('open_inbox')) : null),
            figure('gain', gain ? money(gain) : '–', text('gain_note')),
            figure('decided', format.number(month.applied), month.acceptance === null && !quarter.applied ? text('decided_none') : text('decided_note', {
                rejected: format.number(month.rejected), undone: format.number(month.undone), quarter: format.number(quarter.applied),
                rate: month.acceptance === null ? '–' : format.percent(month.acceptance, 0),
            })),
            real.available
                ? figure('realised', money(real.gain_a_week), text('realised_note', { lower: money(real.lower), upper: money(real.upper), count: format.number(real.changes) }))
                : figure('realised', '–', text('realised_' + real.reason)));
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

    function card(model, run) {
        const name = text('model_' + model.type);
        return element('div', { class: 'col' }, element('section', { class: 'card h-100', 'data-model': model.type },
            element('div', { class: 'card-header d-flex justify-content-between align-items-center gap-2' },
                element('h2', { class: 'h6 mb-0' }, name), badge(model.status)),
            element('div', { class: 'card-body' }, models.summary(model, run))));
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

    async function follow(job) {
        following = true;
        setBusy(true);
        try {
            const ended = await models.follow(job, id('progress'), 'training');
            announce(text('training_' + (ended.status === 'done' ? 'done' : 'ended')));
            load();
        } catch (error) {
            show(id('progress'), failureNotice(error, () => follow(job)));
        }
        following = false;
        setBusy(false);
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
    window.MesChain.outlook();
});
