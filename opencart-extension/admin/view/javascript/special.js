/* Beside which price of the catalogue a special stands, and what becomes of that price where the special hangs on it. */
(function () {
    'use strict';

    const { settings, text, icon, format } = window.MesChain;

    /** `now` and `next` are what is paid; `list` is the catalogue's price, of which the special takes a `share` or an `amount` off, or nothing. */
    function special(now, next, list, follows) {
        const moved = { share: (list * next) / now, amount: list + next - now }[follows];
        const money = (value) => format.money(value, settings.currency);
        return [icon('tag'), ' ' + (moved > 0 && Math.abs(moved - list) >= 0.00005 ? text('of_special_moves', { price: money(list), next: money(moved) }) : text('of_special', { price: money(list) }))];
    }

    Object.assign(window.MesChain, { special });
}());
