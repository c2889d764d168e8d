/* The widget on OpenCart's dashboard: three figures of the last 30 days. */
window.MesChain.ready(async function () {
    'use strict';

    const { settings, text, element, icon, get, failureNotice, reason, empty, show, id, format } = window.MesChain;
    const SHOWN = ['revenue', 'orders', 'average_order_value'];

    function figure(kpi, currency) {
        const value = kpi.unit === 'money' ? format.money(kpi.value, currency) : format.number(kpi.value);
        const ratio = kpi.change_previous;
        const direction = ratio === null || ratio === undefined || ratio === 0 ? null : ratio > 0 ? 'up' : 'down';
        return element('div', { class: 'col' }, element('div', { class: 'meschain-kpi-name' }, text('kpi_' + kpi.id)),
            element('div', { class: 'meschain-kpi-value' }, value),
            element('div', { class: 'meschain-change meschain-' + (direction === null ? 'flat' : direction === kpi.better ? 'good' : 'bad') },
                direction ? icon('caret-' + direction) : null, direction ? ' ' + format.signedPercent(ratio) : '–'));
    }

    try {
        const report = await get(settings.urls.data);
        if (!report.available) {
            show(id('widget'), empty(reason(report.reason)));
            return;
        }
        show(id('widget'), element('div', { class: 'row row-cols-1 row-cols-sm-3 g-2' },
            report.kpis.filter((kpi) => SHOWN.includes(kpi.id)).map((kpi) => figure(kpi, report.currency))),
        element('p', { class: 'small text-body-secondary mt-2 mb-0' }, text('widget_basis', {
            from: format.date(report.range.from), to: format.date(report.range.to), age: format.age(report.freshness.age_seconds),
        })));
    } catch (error) {
        show(id('widget'), failureNotice(error));
    }
});
