/* What the newest forecasts say: the next four weeks of the shop, then what runs out, lies too long, rises or falls. */
window.MesChain.outlook = async function () {
    'use strict';

    const { settings, text, element, icon, get, withQuery, failureNotice, empty, show, id, table, explain, format } = window.MesChain;
    const target = id('outlook');
    if (!target || !settings.urls.outlook) {
        return;
    }
    const looks = { stock_out: ['box-open', 'meschain-bad'], overstock: ['boxes-stacked', 'meschain-flat'], rising: ['arrow-trend-up', 'meschain-good'], falling: ['arrow-trend-down', 'meschain-bad'] };

    function product(item) {
        const name = item.name || item.model || '#' + item.product_id;
        const href = settings.urls.outlook_product && withQuery(settings.urls.outlook_product, { product_id: item.product_id });
        return element('div', {}, href ? element('a', { href }, name) : name, element('div', { class: 'small fw-normal' }, sentence(item)));
    }

    function sentence(item) {
        const detail = item.detail;
        const whole = (value) => format.pieces(value ?? 0);
        const gone = !(detail.owed_units > 0) ? 'sold_out' : detail.missed_units === undefined ? 'owed_only' : 'owed';
        const told = item.kind === 'stock_out' && !(detail.quantity > 0) ? gone : item.kind;
        return text('outlook_' + told + '_told', {
            date: item.event_on ? format.date(item.event_on) : '', quantity: whole(detail.quantity), missed: whole(detail.missed_units), order: whole(detail.reorder_quantity), owed: whole(detail.owed_units),
            idle: whole(detail.idle_units), expected: whole(detail.expected_units), recent: whole(detail.recent_units),
        });
    }

    function kind(item) {
        const [symbol, tone] = looks[item.kind];
        return element('span', { class: tone }, icon(symbol), ' ' + text('outlook_' + item.kind));
    }

    function draw(found) {
        if (!found.available) {
            show(target, empty(text('outlook_none')));
            return;
        }
        const money = (value) => format.about(value, found.currency);
        const total = found.total;
        const change = total.recent_units > 0 ? total.units / total.recent_units - 1 : null;
        show(target,
            element('p', { class: 'mb-3', 'data-outlook': 'total' }, text('outlook_total', {
                days: format.number(total.days), revenue: money(total.revenue), lower: money(total.revenue_lower), upper: money(total.revenue_upper),
                units: format.number(total.units, 0), change: change === null ? '–' : (change > 0 ? '+' : '') + format.percent(change, 0),
            })),
            total.placeholder_stocks > 0 ? element('p', { class: 'small text-body-secondary', 'data-outlook': 'placeholders' }, text('outlook_placeholders', { count: format.number(total.placeholder_stocks, 0) })) : '',
            found.items.length ? table(text('outlook'), [
                { label: text('outlook_what'), cell: kind },
                { label: text('outlook_product'), head: true, cell: product },
                { label: text('outlook_value'), number: true, cell: (item) => money(item.value) },
            ], found.items) : empty(text('outlook_quiet')),
            element('p', { class: 'small text-body-secondary mb-0 mt-2' }, text('outlook_made', { date: format.date(found.made_on) }), ' ', explain(text('outlook_value'), text('define_outlook_value'))));
    }

    try {
        draw(await get(settings.urls.outlook));
    } catch (error) {
        show(target, failureNotice(error, window.MesChain.outlook));
    }
    target.removeAttribute('aria-busy');
};
