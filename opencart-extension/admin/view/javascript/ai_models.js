/* One model: its error beside the baseline, what it goes by, its versions, and how its trainings ended. */
window.MesChain.ready(function () {
    'use strict';

    const { settings, text, known, element, icon, get, post, withQuery, notice, failureNotice, reason, empty, show, id, table, format, chart, models } = window.MesChain;

    async function load() {
        try {
            const found = await get(settings.urls.data, { type: settings.type });
            show(id('state'));
            show(id('model'), models.summary(found.model, found.runs[0]));
            show(id('importance'), importance(found.importance));
            show(id('versions'), versions(found.versions));
            show(id('runs'), models.runs(found.runs, false));
        } catch (error) {
            ['model', 'importance', 'versions', 'runs'].forEach((part) => show(id(part)));
            show(id('state'), failureNotice(error, load));
        }
    }

    function importance(found) {
        if (!found.available) {
            return empty(reason(found.reason));
        }
        return element('div', {}, element('p', { class: 'small text-body-secondary' }, text('importance_note')),
            element('ul', { class: 'list-unstyled mb-0' }, found.features.filter((one) => one.importance >= 0.005).slice(0, 12).map((one) => element('li', { class: 'meschain-suggestion' },
                element('div', {}, known('feature_', one.feature)), chart.share(one.importance, format.percent(one.importance, 0))))));
    }

    function versions(rows) {
        if (!rows.length) {
            return empty(text('no_versions'));
        }
        return table(text('versions'), [
            { label: text('version'), head: true, cell: (one) => element('span', { class: 'text-break' }, one.version, one.serving ? element('span', { class: 'badge text-bg-success ms-2' }, icon('circle-check'), ' ' + text('serves')) : null,
                one.good ? null : element('div', { class: 'd-md-none' }, file(one))) },
            { label: text('trained_at'), minor: true, cell: (one) => format.moment(one.trained_at) },
            { label: known('metric_', rows.find((one) => one.metric)?.metric.name) || text('figure'), number: true, cell: (one) => (one.metric ? format.number(one.metric.value, 3) : '–') },
            { label: text('baseline'), number: true, minor: true, cell: (one) => (one.metric ? format.number(one.metric.baseline, 3) : '–') },
            { label: text('size'), number: true, minor: true, cell: (one) => format.bytes(one.bytes) },
            { label: text('file'), minor: true, cell: file },
            { label: '', cell: (one) => back(one) },
        ], rows);
    }

    function file(one) {
        return element('span', { class: one.good ? '' : 'meschain-bad' }, icon(one.good ? 'circle-check' : 'triangle-exclamation'), ' ' + text(one.good ? 'file_good' : 'file_damaged'));
    }

    function back(one) {
        if (one.serving || !one.good || !settings.can.modify) {
            return '';
        }
        const button = element('button', { type: 'button', class: 'btn btn-sm btn-light border' }, icon('rotate-left'), ' ' + text('roll_back'));
        button.addEventListener('click', () => models.confirm(id('confirm'), text('roll_back_question', { version: one.version }), text('roll_back'), async () => {
            try {
                await post(settings.urls.back, { type: settings.type, version: one.version });
                show(id('confirm'), notice('success', 'circle-check', text('rolled_back', { version: one.version })));
                load();
            } catch (error) {
                show(id('confirm'), failureNotice(error));
            }
        }));
        return button;
    }

    id('types').querySelectorAll('a').forEach((link) => { link.href = withQuery(settings.urls.page, { type: link.dataset.type }); });
    if (settings.can.modify) {
        id('retrain').addEventListener('click', async () => {
            id('retrain').disabled = true;
            try {
                await models.follow((await post(settings.urls.train, { type: settings.type })).job, id('progress'), 'training');
                load();
            } catch (error) {
                show(id('progress'), failureNotice(error));
            }
            id('retrain').disabled = false;
        });
    }
    load();
});
