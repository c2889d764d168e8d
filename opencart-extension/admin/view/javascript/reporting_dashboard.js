/* The reporting dashboard: filters kept in the address, figures first, the line second, the tables third. */
window.MesChain.ready(function () {
    'use strict';

    const { settings, text, element, icon, asker, post, withQuery, notice, failureNotice, reason, empty, show, id, announce, table, fact, explain, format, chart } = window.MesChain;
    const form = id('filters');
    const STALE_SECONDS = 6 * 3600;
    let shown = null;
    let measure = 'revenue';
    const figures = asker(settings.urls.data);
    const checks = asker(settings.urls.verify);

    function query() {
        const fields = Object.fromEntries(new FormData(form).entries());
        if (fields.range !== 'custom') {
            delete fields.from;
            delete fields.to;
        }
        return fields;
    }

    function keepInAddress(fields) {
        const url = new URL(window.location.href);
        for (const name of ['range', 'from', 'to', 'store_id', 'marketplace_id', 'granularity']) {
            url.searchParams.delete(name);
            if (fields[name]) {
                url.searchParams.set(name, fields[name]);
            }
        }
        window.history.replaceState(null, '', url);
    }

    async function load() {
        const fields = query();
        // What is checked, or was, are the figures of before.
        checks.drop();
        show(id('verified'));
        id('custom').hidden = fields.range !== 'custom';
        if (fields.range === 'custom' && (!fields.from || !fields.to)) {
            figures.drop();
            hide();
            show(id('state'), empty(text('choose_dates')));
            return;
        }
        keepInAddress(fields);
        id('report').setAttribute('aria-busy', 'true');
        try {
            const found = await figures.ask(fields);
            if (found) {
                draw(found);
            }
        } catch (error) {
            hide();
            show(id('state'), failureNotice(error, load));
        }
    }

    function hide() {
        id('report').hidden = true;
        id('report').removeAttribute('aria-busy');
        shown = null;
    }

    function draw(report) {
        if (!report.available) {
            hide();
            show(id('state'), unavailable(report));
            return;
        }
        shown = report;
        id('report').hidden = false;
        id('report').removeAttribute('aria-busy');
        show(id('state'), ...states(report));
        show(id('basis'), ...basis(report));
        show(id('kpis'), report.kpis.map((kpi) => card(kpi, report)));
        drawSeries(report);
        drawProducts(report);
        drawMarketplaces(report);
        for (const link of document.querySelectorAll('[data-meschain-csv]')) {
            link.href = withQuery(settings.urls.csv, { ...query(), section: link.dataset.meschainCsv });
        }
        announce(text('shown', { from: format.date(report.range.from), to: format.date(report.range.to) }));
    }

    function unavailable(report) {
        const more = [];
        if (settings.can.modify && ['no_snapshot', 'stale_snapshot'].includes(report.reason)) {
            more.push(refreshButton(text('load_now'), 'btn-primary'));
        }
        return empty(reason(report.reason), ...more);
    }

    function states(report) {
        const made = [];
        if (report.freshness.age_seconds > STALE_SECONDS) {
            made.push(notice('warning', 'clock', text('stale', { age: format.age(report.freshness.age_seconds) }),
                settings.can.modify ? refreshButton(text('refresh_now'), 'btn-light border') : null));
        }
        if (report.kpis.every((kpi) => Number(kpi.value) === 0)) {
            made.push(notice('info', 'circle-info', text('nothing_in_range')));
        }
        return made;
    }

    /** What the figures rest on: period, comparison, currency, zone, statuses, how fresh. */
    function basis(report) {
        const days = (range) => format.date(range.from) + ' – ' + format.date(range.to);
        return [
            fact(text('period'), days(report.range) + ' (' + text('days', { count: format.number(report.range.days) }) + ')'),
            fact(text('compared'), days(report.previous)),
            fact(text('last_year'), days(report.last_year)),
            fact(text('currency'), report.currency.code),
            fact(text('timezone'), report.timezone),
            fact(text('statuses'), report.statuses.names.join(', ') || '–'),
            fact(text('as_of'), format.moment(report.freshness.built_at, report.timezone) + ' (' + format.age(report.freshness.age_seconds) + ')'),
        ];
    }

    function value(kpi, report, which) {
        const raw = kpi[which];
        if (raw === null || raw === undefined) {
            return '–';
        }
        return kpi.unit === 'money' ? format.money(raw, report.currency) : kpi.unit === 'ratio' ? format.percent(raw) : format.number(raw);
    }

    function change(kpi, ratio) {
        if (ratio === null || ratio === undefined) {
            return element('span', { class: 'meschain-change' }, '–');
        }
        const direction = ratio > 0.0005 ? 'up' : ratio < -0.0005 ? 'down' : 'flat';
        const tone = direction === 'flat' || kpi.better === 'none' ? 'flat' : direction === kpi.better ? 'good' : 'bad';
        return element('span', { class: 'meschain-change meschain-' + tone },
            icon(direction === 'flat' ? 'equals' : 'caret-' + direction), ' ' + format.signedPercent(ratio),
            element('span', { class: 'visually-hidden' }, ' ' + text('tone_' + tone)));
    }

    function card(kpi, report) {
        const name = text('kpi_' + kpi.id);
        const against = (label, which, ratio) => element('div', { class: 'meschain-against' },
            element('span', {}, label), element('span', {}, value(kpi, report, which)), change(kpi, ratio));
        return element('div', { class: 'col' }, element('section', { class: 'card meschain-kpi h-100', 'data-kpi': kpi.id },
            element('div', { class: 'card-body' },
                element('h2', { class: 'meschain-kpi-name' }, name, explain(name, text('define_' + kpi.id))),
                element('p', { class: 'meschain-kpi-value', 'data-value': kpi.value }, value(kpi, report, 'value')),
                against(text('previous'), 'previous', kpi.change_previous),
                against(text('last_year'), 'last_year', kpi.change_last_year))));
    }

    function point(row, name) {
        const raw = row[name];
        return raw === null || raw === undefined ? null : Number(raw);
    }

    function drawSeries(report) {
        const amount = (raw) => (measure === 'revenue' ? format.money(raw, report.currency) : format.number(raw));
        const seconds = report.series.map((row) => format.dayOf(row.key).getTime() / 1000);
        const lines = [{ label: text('kpi_' + measure), values: report.series.map((row) => point(row, measure)), show: amount }];
        if (measure === 'revenue' && report.series.some((row) => row.previous_revenue !== null && row.previous_revenue !== undefined)) {
            lines.push({ label: text('previous'), values: report.series.map((row) => point(row, 'previous_revenue')), show: amount, style: 'compare' });
        }
        id('granularity-shown').textContent = text('granularity_' + report.granularity);
        if (!report.series.length) {
            show(id('series'), empty(text('nothing_in_range')));
            return;
        }
        chart.draw(id('series'), {
            label: text('chart_label', { measure: text('kpi_' + measure), from: format.date(report.range.from), to: format.date(report.range.to) }),
            x: seconds, xLabel: (stamp, index) => format.period(report.series[index].key, report.granularity),
            lines, table: seriesTable(report),
        });
    }

    function seriesTable(report) {
        const amount = (raw) => (raw === null || raw === undefined ? '–' : format.money(raw, report.currency));
        return table(text('series'), [
            { label: text('period'), head: true, cell: (row) => ordersLink(report, row) },
            { label: text('kpi_revenue'), number: true, cell: (row) => amount(row.revenue) },
            { label: text('kpi_orders'), number: true, cell: (row) => format.number(row.orders) },
            { label: text('kpi_units'), number: true, cell: (row) => format.number(row.units) },
            { label: text('previous_revenue'), number: true, cell: (row) => amount(row.previous_revenue) },
        ], report.series);
    }

    /** A day leads to its orders where the host can show them. */
    function ordersLink(report, row) {
        const label = format.period(row.key, report.granularity);
        if (!settings.urls.orders || report.granularity !== 'day') {
            return label;
        }
        return element('a', { href: withQuery(settings.urls.orders, { filter_date_from: row.key, filter_date_to: row.key }) }, label);
    }

    function productName(row) {
        const name = row.name || text('product_number', { id: row.product_id });
        return settings.urls.product && row.product_id
            ? element('a', { href: withQuery(settings.urls.product, { product_id: row.product_id }) }, name)
            : name;
    }

    function drawProducts(report) {
        const columns = [
            { label: text('product'), head: true, cell: (row) => element('div', {}, productName(row), element('div', { class: 'small text-body-secondary' }, row.model || '')) },
            { label: text('kpi_units'), number: true, cell: (row) => format.number(row.units) },
            { label: text('kpi_orders'), number: true, minor: true, cell: (row) => format.number(row.orders) },
            { label: text('line_revenue'), number: true, cell: (row) => format.money(row.revenue, report.currency) },
            { label: text('share_products'), minor: true, cell: (row) => chart.share(row.share, format.percent(row.share)) },
        ];
        show(id('products'), report.top_products.length ? table(text('top_products'), columns, report.top_products) : empty(text('nothing_in_range')));
    }

    function drawMarketplaces(report) {
        const columns = [
            { label: text('marketplace'), head: true, cell: (row) => (row.code === 'own' ? text('own_shop') : row.name || row.code) },
            { label: text('kpi_orders'), number: true, cell: (row) => format.number(row.orders) },
            { label: text('kpi_units'), number: true, minor: true, cell: (row) => format.number(row.units) },
            { label: text('kpi_revenue'), number: true, cell: (row) => format.money(row.revenue, report.currency) },
            { label: text('kpi_average_order_value'), number: true, minor: true, cell: (row) => format.money(row.average_order_value, report.currency) },
            { label: text('share'), minor: true, cell: (row) => chart.share(row.share, format.percent(row.share)) },
        ];
        show(id('marketplaces'), report.marketplaces.length ? table(text('marketplaces'), columns, report.marketplaces) : empty(text('nothing_in_range')));
    }

    function refreshButton(label, look) {
        const button = element('button', { type: 'button', class: 'btn btn-sm mt-2 ' + look }, icon('rotate'), ' ' + label);
        button.addEventListener('click', () => refresh(button));
        return button;
    }

    async function refresh(button) {
        button.disabled = true;
        announce(text('refreshing'));
        try {
            const done = await post(settings.urls.refresh);
            if (done.refreshed) {
                await load();
            } else {
                show(id('state'), notice('info', 'hourglass-half', text('refresh_queued', { id: done.job.job_id })));
            }
        } catch (error) {
            show(id('state'), failureNotice(error, () => refresh(button)));
        }
        button.disabled = false;
    }

    async function verify(button) {
        button.disabled = true;
        show(id('verified'), notice('info', 'hourglass-half', text('verifying')));
        try {
            const found = await checks.ask(query());
            if (found) {
                show(id('verified'), verified(found));
            }
        } catch (error) {
            show(id('verified'), failureNotice(error, () => verify(button)));
        }
        button.disabled = false;
    }

    function verified(found) {
        const odd = found.checks.filter((check) => !check.equal);
        const rows = table(text('verify'), [
            { label: text('figure'), head: true, cell: (check) => check.figure },
            { label: text('snapshot'), number: true, cell: (check) => check.snapshot },
            { label: 'SQL', number: true, cell: (check) => check.sql },
            { label: text('equal'), cell: (check) => text(check.equal ? 'yes' : 'no') },
        ], found.checks);
        return notice(found.equal ? 'success' : 'warning', found.equal ? 'circle-check' : 'triangle-exclamation',
            found.equal ? text('verified_equal', { count: format.number(found.checks.length) }) : text('verified_unequal', { count: format.number(odd.length) }),
            element('details', { class: 'mt-2' }, element('summary', {}, text('details')), rows));
    }

    form.addEventListener('change', load);
    form.addEventListener('submit', (event) => {
        event.preventDefault();
        load();
    });
    for (const choice of document.querySelectorAll('[name="meschain-measure"]')) {
        choice.addEventListener('change', () => {
            measure = choice.value;
            if (shown) {
                drawSeries(shown);
            }
        });
    }
    id('verify').addEventListener('click', (event) => verify(event.currentTarget));
    if (id('refresh')) {
        id('refresh').addEventListener('click', (event) => refresh(event.currentTarget));
    }
    load();
    window.MesChain.outlook();
});
