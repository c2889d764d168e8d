/* Trainings, the schedule, the quality of the data, and the models' settings. */
window.MesChain.ready(function () {
    'use strict';

    const { settings, text, known, element, icon, get, post, withQuery, notice, failureNotice, reason, empty, show, id, format, chart, models } = window.MesChain;
    const form = id('settings');

    async function load() {
        try {
            const found = await get(settings.urls.data);
            show(id('state'));
            show(id('runs'), models.runs(found.runs, true));
            show(id('schedule'), schedule(found.schedule));
            const [job] = found.jobs;
            show(id('resume'), job && settings.can.modify && ['cancelled', 'dead'].includes(job.status) ? stopped(job) : null);
            if (job && ['queued', 'running'].includes(job.status)) {
                work(async () => ({ job }), 'training');
            }
        } catch (error) {
            show(id('runs'));
            show(id('schedule'));
            show(id('state'), failureNotice(error, load));
        }
    }

    function schedule(found) {
        if (!found.enabled) {
            return element('p', { class: 'mb-0' }, icon('circle-pause'), ' ' + text('schedule_off'));
        }
        return found.next.length
            ? element('ul', { class: 'list-unstyled mb-0' }, found.next.map((one) => element('li', {}, element('strong', {}, text('model_' + one.type)), ' · ',
                format.moment(one.due_at), ' · ', known('run_reason_', one.reason), ' · ', known('run_mode_', one.mode))))
            : empty(text('nothing_due'));
    }

    async function quality(type) {
        const target = id('quality-' + type);
        try {
            const found = await get(settings.urls.quality, { type });
            show(target, found.available ? judged(found, type) : empty(reason(found.reason)));
        } catch (error) {
            show(target, failureNotice(error, () => quality(type)));
        }
    }

    /** A training that has stopped before its end can be gone on with. */
    function stopped(job) {
        const button = element('button', { type: 'button', class: 'btn btn-sm btn-light border mt-2' }, icon('play'), ' ' + text('resume'));
        button.addEventListener('click', () => work(() => post(settings.urls.resume, { job_id: job.job_id }), 'training'));
        return notice('info', 'circle-pause', text('stopped_' + job.status, { job: '#' + job.job_id, at: format.moment(job.finished_at || job.created_at) }), element('div', {}, button));
    }

    /** The share that is used is the number; why the rest is not, the bars; examples lead to the product. */
    function judged(found, type) {
        const top = Math.max(1, ...found.reasons.map((one) => one.count));
        return element('div', {},
            element('p', { class: 'meschain-lead mb-1' }, text('quality_share', { share: format.percent(found.share) })),
            element('p', { class: 'small text-body-secondary' }, text('quality_rows', { used: format.number(found.used), rows: format.number(found.rows) })),
            type === 'categorization' ? element('p', { class: 'small', 'data-confirmed': found.confirmed }, icon('user-check'), ' ' + text(found.confirmed ? 'quality_confirmed' : 'quality_unconfirmed', { count: format.number(found.confirmed) })) : null,
            element('ul', { class: 'list-unstyled mb-2' }, found.reasons.filter((one) => one.count).map((one) => element('li', { class: 'meschain-suggestion' },
                element('div', {}, known('left_out_', one.reason)), chart.share(one.count / top, format.number(one.count))))),
            found.examples.length ? element('details', { class: 'small' }, element('summary', {}, text('examples')),
                element('ul', { class: 'mb-0' }, found.examples.map((one) => element('li', {}, settings.urls.product && one.id
                    ? element('a', { href: withQuery(settings.urls.product, { product_id: one.id }) }, one.name || '#' + one.id) : one.name || '#' + one.id, ' · ' + known('left_out_', one.reason))))) : null);
    }

    async function work(start, ending) {
        const buttons = ['train', 'update', 'drift'].map(id).filter(Boolean);
        show(id('resume'));
        buttons.forEach((button) => { button.disabled = true; });
        try {
            await models.follow((await start()).job, id('progress'), ending);
            load();
            settings.types.forEach(quality);
        } catch (error) {
            show(id('progress'), failureNotice(error));
        }
        buttons.forEach((button) => { button.disabled = false; });
    }

    if (settings.can.modify) {
        id('train').addEventListener('click', () => work(() => post(settings.urls.train, {}), 'training'));
        id('update').addEventListener('click', () => work(() => post(settings.urls.update, {}), 'training'));
        id('drift').addEventListener('click', () => work(() => post(settings.urls.drift, {}), 'drift'));
        form.addEventListener('submit', async (event) => {
            event.preventDefault();
            form.querySelectorAll('.is-invalid').forEach((field) => field.classList.remove('is-invalid'));
            try {
                await post(settings.urls.save, Object.fromEntries(new FormData(form)));
                show(id('saved'), notice('success', 'circle-check', text('settings_saved')));
                show(id('schedule'), schedule((await get(settings.urls.data)).schedule));
            } catch (error) {
                const field = [...form.elements].find((one) => one.name && one.type !== 'hidden' && (error.detail || '').includes(one.name));
                if (field) {
                    field.classList.add('is-invalid');
                    field.focus();
                }
                show(id('saved'), failureNotice(field ? Object.assign(error, { message: text('setting_refused', { name: field.labels[0].textContent }) }) : error));
            }
        });
    }
    load();
    settings.types.forEach(quality);
});
