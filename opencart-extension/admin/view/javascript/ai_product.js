/* One product: suggested category, price with its reasons, forecast with its interval, related products. */
window.MesChain.ready(function () {
    'use strict';

    const { settings, text, known, element, icon, get, withQuery, failureNotice, reason, empty, show, id, table, fact, explain, format, chart, special } = window.MesChain;
    const currency = settings.currency;
    const money = (value) => format.money(value, currency);
    /** What the model holds less likely is no suggestion. */
    const LEAST_CONFIDENCE = 0.01;

    async function load() {
        try {
            draw(await get(settings.urls.data));
        } catch (error) {
            show(id('state'), failureNotice(error, load));
            id('parts').hidden = true;
        }
    }

    function draw(product) {
        id('parts').hidden = false;
        show(id('state'));
        show(id('name'), product.name || text('product_number', { id: product.product_id }));
        show(id('facts'), fact(text('model'), product.model || '–'), fact(text('price'), money(product.price)), fact(text('stock'), product.quantity === null ? text('stock_not_counted') : format.number(product.quantity)));
        part('category', product.category, category);
        part('price', product.price_suggestion, price);
        part('forecast', product.forecast, forecast);
        part('related', product.related, related);
        if (product.price_suggestion.available) {
            simulate(product.price_suggestion);
        }
    }

    /** A part without an answer says why, and where to change that. */
    function part(name, content, body) {
        if (content.available) {
            show(id(name), body(content));
            return;
        }
        const more = content.reason === 'no_model' && settings.urls.models
            ? element('a', { class: 'btn btn-sm btn-light border', href: settings.urls.models }, text('go_train'))
            : null;
        show(id(name), empty(reason(content.reason), more));
    }

    function category(found) {
        const current = found.current.length ? found.current.map((one) => one.path).join(' · ') : text('no_category');
        const rows = found.suggestions.filter((one) => one.confidence >= LEAST_CONFIDENCE).map((one) => element('li', { class: 'meschain-suggestion' },
            element('div', {}, one.category, mark(one, found.current)), chart.share(one.confidence, format.sureness(one.confidence))));
        return element('div', {}, element('dl', { class: 'meschain-facts' }, fact(text('current_category'), current)),
            element('h3', { class: 'meschain-sub' }, text('suggestions'), explain(text('confidence'), text('define_confidence'))),
            rows.length ? element('ul', { class: 'list-unstyled mb-0' }, rows) : empty(text('no_suggestion')));
    }

    /** A suggestion that the product follows already asks nothing of anybody. */
    function mark(one, current) {
        if (current.some((category) => category.category_id === one.category_id)) {
            return element('span', { class: 'badge text-bg-light border ms-2' }, text('is_current'));
        }
        return one.suggested ? element('span', { class: 'badge text-bg-primary ms-2' }, text('suggested')) : null;
    }

    function price(found) {
        const impact = found.expected_impact;
        const direction = found.change_percentage > 0 ? 'arrow-up' : found.change_percentage < 0 ? 'arrow-down' : 'equals';
        const percent = (value) => (value === null || value === undefined ? '–' : format.signedPercent(value));
        const interval = impact.profit_change_lower === undefined || impact.profit_change_lower === null ? ''
            : ' (' + text('at_least', { value: percent(impact.profit_change_lower) }) + ')';
        return element('div', {},
            element('p', { class: 'meschain-price' }, element('span', { class: 'meschain-price-old' }, money(found.current_price)), icon('arrow-right'),
                element('strong', { class: 'meschain-price-new' }, money(found.suggested_price)),
                element('span', { class: 'meschain-change' }, icon(direction), ' ' + percent(changeOf(found)))),
            found.list_price ? element('p', { class: 'small mb-1' }, special(found.current_price, found.suggested_price, found.list_price, found.list_follows)) : null,
            element('p', {}, known('price_', found.reason), found.bound_by ? ' ' + text('bound_by', { rule: known('bound_', found.bound_by) }) : ''),
            element('dl', { class: 'meschain-facts' },
                fact(text('demand_change'), percent(impact.demand_change)),
                fact(text('profit_change'), percent(impact.profit_change) + interval),
                found.elasticity ? fact(text('elasticity'), [elasticity(found.elasticity), explain(text('elasticity'), text('define_elasticity'))]) : null,
                fact(text('confidence'), format.sureness(found.confidence)),
                fact(text('valid_until'), found.valid_until ? format.moment(found.valid_until) : '–')),
            element('p', { class: 'small text-body-secondary mb-0' }, text('price_not_written')));
    }

    /** The change as a ratio, from the two prices, so that its unit is beyond doubt. */
    function changeOf(found) {
        return found.current_price ? found.suggested_price / found.current_price - 1 : null;
    }

    function elasticity(found) {
        return format.number(found.value, 2) + ' (' + format.number(found.lower, 2) + ' … ' + format.number(found.upper, 2) + ')';
    }

    async function simulate(found) {
        try {
            const { points } = await get(settings.urls.simulate, { price: found.current_price });
            if (!points.length) {
                return;
            }
            id('simulation-card').hidden = false;
            chart.draw(id('simulation'), {
                label: text('simulation_label'), time: false, x: points.map((point) => point.price), xName: text('price'),
                axisLabel: money, xLabel: money, yLabel: (value) => format.number(value, value % 1 ? 1 : 0), second: { yLabel: format.compact }, zero: true,
                lines: [
                    { label: text('units_week'), values: points.map((point) => point.units), show: (value) => format.number(value, 1) },
                    { label: text('profit_week'), values: points.map((point) => (point.profit === null ? null : Number(point.profit))), show: money, style: 'second' },
                ],
                table: table(text('simulation_label'), [
                    { label: text('price'), head: true, cell: (point) => money(point.price) },
                    { label: text('units_week'), number: true, cell: (point) => format.number(point.units, 1) },
                    { label: text('revenue_week'), number: true, cell: (point) => money(point.revenue) },
                    { label: text('profit_week'), number: true, cell: (point) => (point.profit === null ? '–' : money(point.profit)) },
                ], points),
            });
        } catch (error) {
            id('simulation-card').hidden = false;
            show(id('simulation'), failureNotice(error, () => simulate(found)));
        }
    }

    function stamp(day) {
        return format.dayOf(day).getTime() / 1000;
    }

    function forecast(found) {
        const target = element('div', {});
        const backtest = found.backtest;
        const stock = found.stock;
        window.requestAnimationFrame(() => drawForecast(target, found));
        return element('div', {},
            element('p', { class: 'meschain-lead' }, text('forecast_total_' + found.granularity, { total: format.pieces(found.total), periods: format.number(found.points.length) })),
            target,
            element('dl', { class: 'meschain-facts mt-3' },
                fact(text('method'), known('method_', found.method)),
                backtest ? fact(text('backtest'), [text('backtest_value', { wape: format.percent(backtest.wape), baseline: format.percent(backtest.baseline_wape) }),
                    explain('WAPE', text('define_wape'))]) : null,
                stock && stock.quantity < 0 ? fact(text('owed'), format.number(-stock.quantity)) : null,
                stock ? fact(text('days_of_cover'), stock.days_of_cover === null ? '–' : text('days', { count: format.number(stock.days_of_cover) })) : null,
                stock ? fact(text('stock_out_date'), stock.stock_out_date ? format.date(stock.stock_out_date) : text('not_in_horizon')) : null,
                stock ? fact(text('reorder'), text(stock.reorder_quantity > 0 ? 'reorder_value' : 'reorder_none', { point: format.number(stock.reorder_point), quantity: format.number(stock.reorder_quantity) })) : null),
            found.reasons && found.reasons.length
                ? element('p', { class: 'small text-body-secondary mb-0' }, found.reasons.map((code) => known('because_', code)).join(' · '))
                : null);
    }

    function drawForecast(target, found) {
        const past = found.history.slice(-56);
        const days = [...past, ...found.points];
        const blank = past.map(() => null);
        const value = (amount) => format.number(amount, 1);
        const period = (day) => format.period(day.date, found.granularity);
        chart.draw(target, {
            label: text('forecast_label'), x: days.map((day) => stamp(day.date)), xLabel: (at, index) => period(days[index]),
            yLabel: (amount) => format.number(amount, amount < 10 && amount % 1 ? 1 : 0), bands: [[4, 3]],
            lines: [
                { label: text('history'), values: [...past.map((day) => day.value), ...found.points.map(() => null)], show: value },
                { label: text('forecast'), values: [...blank, ...found.points.map((day) => day.value)], show: value, style: 'forecast' },
                { label: text('lower'), values: [...blank, ...found.points.map((day) => day.lower)], show: value, style: 'edge' },
                { label: text('upper'), values: [...blank, ...found.points.map((day) => day.upper)], show: value, style: 'edge' },
            ],
            table: table(text('forecast_label'), [
                { label: text('date'), head: true, cell: period },
                { label: text('forecast'), number: true, cell: (day) => value(day.value) },
                { label: text('lower'), number: true, cell: (day) => value(day.lower) },
                { label: text('upper'), number: true, cell: (day) => value(day.upper) },
            ], found.points),
        });
    }

    function related(found) {
        if (!found.items.length) {
            return empty(text('no_related'));
        }
        return table(text('related'), [
            { label: text('product'), head: true, cell: (item) => [element('a', { href: withQuery(settings.urls.product, { product_id: item.product_id }) }, item.name),
                element('div', { class: 'small text-body-secondary d-md-none' }, known('related_', item.reason))] },
            { label: text('model'), minor: true, cell: (item) => element('span', { class: 'text-nowrap' }, item.model || '–') },
            { label: text('price'), number: true, cell: (item) => money(item.price) },
            { label: text('why'), minor: true, cell: (item) => known('related_', item.reason) || '–' },
        ], found.items);
    }

    load();
});
