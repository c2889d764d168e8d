/* How one model does over time. Each chart has its table; a part without data says so. */
window.MesChain.ready(function () {
    'use strict';

    const { settings, text, known, element, icon, asker, withQuery, failureNotice, empty, show, id, table, format, chart } = window.MesChain;
    const parts = { accuracy, calibration, forecast, drift, acceptance, predictions };
    const stamp = (day) => format.dayOf(day).getTime() / 1000;
    const analytics = asker(settings.urls.data);
    const three = (value) => format.number(value, 3);

    async function load() {
        Object.keys(parts).forEach((name) => id(name).setAttribute('aria-busy', 'true'));
        try {
            const found = await analytics.ask({ type: settings.type, days: id('days').value });
            if (!found) {
                return;
            }
            show(id('state'));
            id('card-calibration').hidden = found.type !== 'categorization';
            id('card-forecast').hidden = found.type !== 'forecasting';
            Object.entries(parts).forEach(([name, draw]) => draw(found, id(name)));
        } catch (error) {
            Object.keys(parts).forEach((name) => show(id(name)));
            show(id('state'), failureNotice(error, load));
        }
    }

    function accuracy(found, target) {
        const rows = found.accuracy;
        if (!rows.length) {
            show(target, empty(text('no_accuracy')));
            return;
        }
        const name = found.metric ? known('metric_', found.metric.name) : text('value');
        const label = found.metric ? name + ' · ' + text('better_' + found.metric.better) : name;
        const last = rows[rows.length - 1];
        const columns = table(text('accuracy'), [
            { label: text('at'), head: true, cell: (row) => format.moment(row.at) },
            { label: text('version'), minor: true, cell: (row) => row.version },
            { label: name, number: true, cell: (row) => three(row.value) },
            { label: text('baseline'), number: true, cell: (row) => (row.baseline === null ? '–' : three(row.baseline)) },
        ], rows);
        const plot = element('div', {});
        show(target, element('p', { class: 'meschain-lead' }, label + ': ' + three(last.value)), plot, rows.length < 2 ? columns : null);
        if (rows.length > 1) {
            chart.draw(plot, {
                label: text('accuracy'), x: rows.map((row) => new Date(row.at).getTime() / 1000), xLabel: (at, index) => format.moment(rows[index].at), yLabel: three, zero: true,
                lines: [{ label: text('this_model'), values: rows.map((row) => row.value), show: three }, { label: text('baseline'), values: rows.map((row) => row.baseline), show: three, style: 'compare' }],
                table: columns,
            });
        }
    }

    function calibration(found, target) {
        const rows = found.calibration;
        if (!rows.length) {
            show(target, empty(text('no_calibration')));
            return;
        }
        const percent = (value) => format.percent(value, 0);
        const plot = element('div', {});
        show(target, element('p', { class: 'small text-body-secondary' }, text('calibration_note')), plot);
        chart.draw(plot, {
            label: text('calibration'), time: false, x: rows.map((row) => row.confidence), xName: text('said'), axisLabel: percent, xLabel: percent, yLabel: percent, zero: true,
            lines: [{ label: text('was_right'), values: rows.map((row) => row.accuracy), show: percent }, { label: text('perfect'), values: rows.map((row) => row.confidence), show: percent, style: 'edge' }],
            table: table(text('calibration'), [
                { label: text('said'), head: true, cell: (row) => percent(row.confidence) },
                { label: text('was_right'), number: true, cell: (row) => percent(row.accuracy) },
                { label: text('count'), number: true, cell: (row) => format.number(row.count) },
            ], rows),
        });
    }

    function forecast(found, target) {
        const rows = found.forecast;
        if (!rows.length) {
            show(target, empty(text('no_forecast')));
            return;
        }
        const units = (value) => (value === null ? '–' : format.number(value));
        const plot = element('div', {});
        show(target, plot);
        chart.draw(plot, {
            label: text('forecast'), x: rows.map((row) => stamp(row.date)), xLabel: (at, index) => format.date(rows[index].date), yLabel: (value) => format.number(value), bands: [[4, 3]], zero: true,
            lines: [
                { label: text('sold'), values: rows.map((row) => row.actual), show: units },
                { label: text('expected'), values: rows.map((row) => row.forecast), show: units, style: 'forecast' },
                { label: text('lower'), values: rows.map((row) => row.lower), show: units, style: 'edge' },
                { label: text('upper'), values: rows.map((row) => row.upper), show: units, style: 'edge' },
            ],
            table: table(text('forecast'), [
                { label: text('date'), head: true, cell: (row) => format.date(row.date) },
                { label: text('sold'), number: true, cell: (row) => units(row.actual) },
                { label: text('expected'), number: true, cell: (row) => units(row.forecast) },
                { label: text('lower'), number: true, minor: true, cell: (row) => units(row.lower) },
                { label: text('upper'), number: true, minor: true, cell: (row) => units(row.upper) },
            ], rows),
        });
    }

    /** The newest value of each measure beside its limit; words and a symbol say how it stands, not colour alone. */
    function drift(found, target) {
        const newest = new Map(found.drift.map((row) => [row.measure, row]));
        const looks = { ok: ['circle-check', 'meschain-good'], watch: ['eye', 'meschain-flat'], drifted: ['triangle-exclamation', 'meschain-bad'] };
        show(target, newest.size ? table(text('drift'), [
            { label: text('measure'), head: true, cell: (row) => measure(row.measure) },
            { label: text('value'), number: true, cell: (row) => three(row.value) },
            { label: text('reference'), number: true, minor: true, cell: (row) => (row.reference === null ? '–' : three(row.reference)) },
            { label: text('status'), cell: (row) => element('span', { class: looks[row.status][1] }, icon(looks[row.status][0]), ' ' + text('drift_' + row.status)) },
            { label: text('date'), minor: true, cell: (row) => format.date(row.day) },
        ], [...newest.values()]) : empty(text('no_drift')));
    }

    function measure(name) {
        return name.startsWith('psi:') ? text('psi_of', { input: known('input_', name.slice(4)) }) : known('measure_', name);
    }

    function acceptance(found, target) {
        const rows = found.acceptance;
        const total = (name) => rows.reduce((sum, row) => sum + row[name], 0);
        const all = total('accepted') + total('changed') + total('refused');
        show(target, all ? [element('p', { class: 'meschain-lead' }, text('accepted_share', { share: format.percent((total('accepted') + total('changed')) / all, 0), count: format.number(all) })),
            table(text('acceptance'), [
                { label: text('week'), head: true, cell: (row) => format.date(row.week) },
                { label: text('accepted'), number: true, cell: (row) => format.number(row.accepted) },
                { label: text('changed'), number: true, cell: (row) => format.number(row.changed) },
                { label: text('refused'), number: true, cell: (row) => format.number(row.refused) },
            ], rows)] : empty(text('no_acceptance')));
    }

    function predictions(found, target) {
        const use = found.predictions;
        show(target, use.count ? [element('p', { class: 'meschain-lead' }, text('asked_times', { count: format.number(use.count) })),
            use.median_ms === null ? null : element('p', {}, text('median_time', { time: format.milliseconds(use.median_ms) })),
            table(text('predictions'), [
                { label: text('date'), head: true, cell: (row) => format.date(row.day) },
                { label: text('count'), number: true, cell: (row) => format.number(row.count) },
            ], use.per_day.slice(-14))] : empty(text('no_predictions')));
    }

    /** The period is kept in the address, and when another model is looked at. */
    function keep() {
        const days = id('days').value;
        id('types').querySelectorAll('a').forEach((link) => { link.href = withQuery(settings.urls.page, { type: link.dataset.type, days }); });
        window.history.replaceState(null, '', withQuery(window.location.href, { type: settings.type, days }));
    }

    id('days').addEventListener('change', () => {
        keep();
        load();
    });
    keep();
    load();
});
