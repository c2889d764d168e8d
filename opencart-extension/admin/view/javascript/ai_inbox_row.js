/* One suggestion of the inbox: what is there, what would be there, why, and what a person puts in its place before it is approved. */
(function () {
    'use strict';

    const { settings, text, hasText, known, element, icon, withQuery, show, format, special } = window.MesChain;
    const money = (value) => format.money(value, settings.currency);
    /** What a person put in place of what was suggested, by suggestion: {price} or {quantity} as typed, or {category_id, path}. */
    const instead = new Map();

    function may(one) {
        return one.kind === 'reorder' ? settings.can.modify : settings.can.apply;
    }

    /** What a decision's machine words mean. */
    function told(error) {
        const [code, value] = error.split(' ');
        return hasText('told_' + code) ? text('told_' + code, { value: value === undefined ? '' : code === 'price_is' ? money(value) : value }) : error;
    }

    function productLink(productId, name) {
        const shown = name || text('product_number', { id: productId });
        return settings.urls.product ? element('a', { href: withQuery(settings.urls.product, { product_id: productId }) }, shown) : shown;
    }

    /** `pick` is the row's box, or null; `back` makes the button that takes the decision back, or null. */
    function row(one, pick, back) {
        const editable = one.status === 'pending' && may(one);
        return element('article', { class: 'meschain-inbox-row', 'data-suggestion': one.suggestion_id, 'data-kind': one.kind },
            element('div', { class: 'meschain-inbox-pick' }, pick),
            element('div', { class: 'meschain-inbox-what' },
                element('div', { class: 'meschain-inbox-name' }, productLink(one.product_id, one.name), ' ', element('span', { class: 'badge text-bg-light border' }, text('one_' + one.kind))),
                element('div', { class: 'meschain-inbox-diff' }, one.kind === 'category' ? categories(one, editable) : numbers(one, editable)),
                one.changed ? element('p', { class: 'small text-body-secondary mb-0' }, icon('user-pen'), ' ' + text('instead_of', { what: said(one.kind, one.suggested) })) : null,
                element('p', { class: 'small text-body-secondary mb-0' }, because(one))),
            element('div', { class: 'meschain-inbox-facts' },
                one.expected_gain === null ? null : element('div', {}, element('strong', {}, format.about(one.expected_gain, settings.currency)), ' ', element('span', { class: 'small text-body-secondary' }, text('a_week'))),
                one.confidence === null || one.kind === 'reorder' ? null : element('div', { class: 'small' }, text('sure', { value: format.sureness(one.confidence) })),
                one.decided_at && one.status !== 'pending' ? element('div', { class: 'small text-body-secondary' }, format.moment(one.decided_at)) : null,
                one.error ? element('div', { class: 'small meschain-bad' }, icon('triangle-exclamation'), ' ' + told(one.error)) : null,
                back(one)));
    }

    /** A value in a few words: of the log, and of what was suggested. */
    function said(kind, value) {
        if (kind === 'category') {
            const paths = (entries) => (entries || []).map((entry) => entry.path || '#' + entry.category_id).join(', ');
            return paths(value.add) || text('only_removed', { what: paths(value.remove) });
        }
        return kind === 'price' ? money(value.price) : text('to_order', { count: format.number(value.quantity) });
    }

    function categories(one, editable) {
        const target = element('div', {});
        const draw = () => {
            const kept = instead.get(one.suggestion_id);
            const after = kept ? replaced(one, kept) : one.after || one.suggested;
            show(target, moves(after), kept ? asSuggested(one, draw) : null, editable ? inbox.picker(one, (category) => {
                const suggested = (one.suggested.add || []).some((entry) => entry.category_id === category.category_id);
                instead[suggested ? 'delete' : 'set'](one.suggestion_id, category);
                draw();
            }) : null);
        };
        draw();
        return target;
    }

    /** As the library makes it of the chosen category: see `begin`. */
    function replaced(one, category) {
        const isIn = one.before.categories.some((entry) => entry.category_id === category.category_id);
        return { add: isIn ? [] : [category], remove: (one.suggested.remove || []).filter((entry) => entry.category_id !== category.category_id), stays: isIn ? [category] : [] };
    }

    function moves(after) {
        const lines = (entries, symbol, tag, word) => (entries || []).map((entry) => element('li', {}, icon(symbol), ' ', element(tag, {}, entry.path || '#' + entry.category_id),
            element('span', { class: 'visually-hidden' }, ' ' + text(word))));
        return element('ul', { class: 'list-unstyled mb-0' }, lines(after.remove, 'minus', 'del', 'is_removed'), lines(after.stays, 'equals', 'span', 'stays'), lines(after.add, 'plus', 'ins', 'is_added'));
    }

    function asSuggested(one, draw) {
        const button = element('button', { type: 'button', class: 'btn btn-link btn-sm p-0 align-baseline' }, text('as_suggested'));
        button.addEventListener('click', () => {
            instead.delete(one.suggestion_id);
            draw();
        });
        return element('p', { class: 'small mb-1' }, icon('user-pen'), ' ' + text('instead_of', { what: said('category', one.suggested) }) + ' ', button);
    }

    /** A price or a quantity can be changed before it is approved. */
    function numbers(one, editable) {
        const price = one.kind === 'price';
        const value = price ? (one.after || one.suggested).price : (one.after || one.suggested).quantity;
        const change = element('span', { class: 'meschain-change' });
        const beside = element('span', { class: 'small text-body-secondary' });
        const compare = (now) => {
            const part = price && one.before.price && now > 0 ? now / one.before.price - 1 : null;
            show(change, part === null ? null : [icon(part > 0 ? 'arrow-up' : part < 0 ? 'arrow-down' : 'equals'), ' ' + format.signedPercent(part)]);
            show(beside, price && one.before.list_price ? special(one.before.price, now > 0 ? now : one.before.price, one.before.list_price, one.before.list_follows) : null);
        };
        compare(instead.has(one.suggestion_id) ? Number(instead.get(one.suggestion_id).price) : value);
        return element('div', { class: 'meschain-inbox-change' },
            element('span', { class: 'meschain-price-old' }, price ? money(one.before.price) : onHand(one.before.quantity)), icon('arrow-right'),
            editable && !price ? element('span', { 'aria-hidden': 'true' }, text('order')) : null, editable ? input(one, value, compare) : element('strong', {}, price ? money(value) : text('to_order', { count: format.number(value) })), change,
            price && one.before.list_price ? beside : null);
    }

    /** OpenCart's stock goes below zero where it sells without: that much is owed. */
    function onHand(quantity) {
        return quantity < 0 ? text('owed', { count: format.number(-quantity) }) : text('in_stock', { count: format.number(quantity) });
    }

    function input(one, value, compare) {
        const key = one.kind === 'price' ? 'price' : 'quantity';
        const kept = instead.get(one.suggestion_id);
        const suggested = key === 'price' ? Number(value).toFixed(2) : String(value);
        const field = element('input', {
            type: 'number', class: 'form-control form-control-sm meschain-inbox-value', min: key === 'price' ? '0.01' : '1', step: key === 'price' ? '0.01' : '1',
            value: kept ? kept[key] : suggested, 'aria-label': text(key === 'price' ? 'new_price' : 'new_quantity'),
        });
        field.addEventListener('input', () => {
            field.classList.toggle('is-invalid', !field.checkValidity() || field.value === '');
            compare(Number(field.value));
        });
        field.addEventListener('change', () => {
            if (field.value === suggested) {
                instead.delete(one.suggestion_id);
            } else {
                // An empty or broken field is sent as it is: the answer says what was expected.
                instead.set(one.suggestion_id, { [key]: field.value === '' ? '?' : field.value });
            }
        });
        return field;
    }

    function because(one) {
        const why = one.reason || {};
        if (one.kind === 'price') {
            return [known('price_', why.code), why.bound_by ? text('bound_by', { rule: known('bound_', why.bound_by) }) : ''].filter(Boolean).join(' ');
        }
        if (one.kind === 'reorder') {
            const ends = why.stock_out_date ? 'because' : 'expected';
            const gone = !(why.owed > 0) ? 'sold_out' : why.code === 'owed' ? 'owed_only' : 'owed';
            const told = text('reorder_' + (one.before.quantity > 0 ? ends : gone), {
                owed: format.number(why.owed || 0),
                date: why.stock_out_date ? format.date(why.stock_out_date) : '', units: format.pieces(why.expected_units || 0), weeks: format.number(why.weeks || 0),
            });
            return why.on_order >= 1 ? told + ' ' + text('reorder_coming', { count: format.number(Math.floor(why.on_order)) }) : told;
        }
        return text('category_' + (why.code === 'no_category' ? 'none' : 'wrong')) + (why.words && why.words.length ? ' ' + text('words', { words: asWritten(why.words, one.name || '').join(', ') }) : '');
    }

    /** The model knows one i and beginnings of words: here they are as the name has them, and parts of one another only once. */
    function asWritten(words, name) {
        const folded = name.toLocaleLowerCase('tr').replaceAll('ı', 'i');
        const whole = words.filter((word) => !words.some((other) => other !== word && other.includes(word)));
        return whole.map((word) => (folded.length === name.length && folded.includes(word) ? name.slice(folded.indexOf(word), folded.indexOf(word) + word.length) : word));
    }

    const inbox = { instead, may, told, said, replaced, productLink, row };
    window.MesChain.inbox = inbox;
}());
