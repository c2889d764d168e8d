/* How long our pages take: totals first, the course second, each endpoint third. */
window.MesChain.ready(function () {
    'use strict';

    const { settings, text, element, get, failureNotice, empty, show, id, announce, table, explain, format, chart } = window.MesChain;
    const REFRESH_MILLISECONDS = 10000;
    const choice = id('window');
    let timer = null;

    async function load() {
        try {
            const found = await get(settings.urls.data, { minutes: choice.value });
            show(id('state'));
            draw(found.requests);
            tiers();
        } catch (error) {
            for (const part of ['totals', 'series', 'endpoints']) {
                show(id(part));
            }
            show(id('state'), failureNotice(error, load));
        }
    }

    function draw(requests) {
        const total = requests.total;
        const ms = (value) => (total.count ? format.milliseconds(value) : '–');
        show(id('totals'), [
            tile('count', format.number(total.count)), tile('p50', ms(total.p50_ms)), tile('p95', ms(total.p95_ms)), tile('p99', ms(total.p99_ms)),
            tile('max', ms(total.max_ms)), tile('errors', format.number(total.errors)),
        ]);
        show(id('dropped'), requests.dropped ? element('p', { class: 'small text-body-secondary' }, text('dropped', { count: format.number(requests.dropped) })) : null);
        series(requests);
        endpoints(requests);
        announce(text('measured', { count: format.number(total.count) }));
    }

    function tile(name, value) {
        const label = text('measure_' + name);
        return element('div', { class: 'col' }, element('section', { class: 'card meschain-kpi h-100', 'data-measure': name }, element('div', { class: 'card-body' },
            element('h2', { class: 'meschain-kpi-name' }, label, explain(label, text('define_' + name))),
            element('p', { class: 'meschain-kpi-value' }, value))));
    }

    function minuteOf(row) {
        return typeof row.minute === 'number' ? row.minute * (row.minute < 1e9 ? 60 : 1) : Date.parse(row.minute.includes('T') ? row.minute : row.minute.replace(' ', 'T') + 'Z') / 1000;
    }

    function series(requests) {
        const rows = requests.series;
        if (!rows.length) {
            show(id('series'), empty(text('no_requests')));
            return;
        }
        const clock = (stamp) => format.clock(new Date(stamp * 1000));
        chart.draw(id('series'), {
            label: text('course_label'), x: rows.map(minuteOf), xLabel: clock, axisLabel: clock, xName: text('minute'),
            room: 30, yLabel: (value) => format.number(value, 0), second: { yLabel: (value) => format.number(value, 0) },
            lines: [
                { label: text('measure_count'), values: rows.map((row) => row.count), show: (value) => format.number(value), style: 'bars' },
                { label: text('measure_p95'), values: rows.map((row) => (row.count ? row.p95_ms : null)), show: format.milliseconds, style: 'second' },
            ],
            table: table(text('course_label'), [
                { label: text('minute'), head: true, cell: (row) => clock(minuteOf(row)) },
                { label: text('measure_count'), number: true, cell: (row) => format.number(row.count) },
                { label: text('measure_p95'), number: true, cell: (row) => (row.count ? format.milliseconds(row.p95_ms) : '–') },
            ], rows),
        });
    }

    function endpoints(requests) {
        const time = (name, minor) => ({ label: text('measure_' + name), number: true, minor, cell: (row) => format.milliseconds(row[name + '_ms']) });
        show(id('endpoints'), requests.endpoints.length ? table(text('endpoints'), [
            { label: text('endpoint'), head: true, cell: (row) => element('span', { class: 'text-break' }, row.method + ' ' + row.endpoint) },
            { label: text('measure_count'), number: true, cell: (row) => format.number(row.count) },
            { label: text('measure_errors'), number: true, minor: true, cell: (row) => format.number(row.errors) },
            time('p50', true), time('p95', false), time('p99', true), time('max', true),
            { label: text('memory'), number: true, minor: true, cell: (row) => (row.memory_mb === null ? '–' : text('mb', { value: format.number(row.memory_mb, 1) })) },
        ], requests.endpoints) : empty(text('no_requests')));
    }

    /** The server draws the tiers as plain numbers; here they get the language's separators and units. */
    function tiers() {
        for (const cell of document.querySelectorAll('#meschain-tiers [data-number]')) {
            cell.textContent = format.number(cell.dataset.number);
        }
        for (const cell of document.querySelectorAll('#meschain-tiers [data-bytes]')) {
            cell.textContent = format.bytes(Number(cell.dataset.bytes));
        }
    }

    function again() {
        window.clearInterval(timer);
        if (id('auto').checked) {
            timer = window.setInterval(() => {
                if (!document.hidden) {
                    load();
                }
            }, REFRESH_MILLISECONDS);
        }
    }

    choice.addEventListener('change', load);
    id('reload').addEventListener('click', load);
    id('auto').addEventListener('change', again);
    load();
});
