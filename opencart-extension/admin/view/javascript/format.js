/* Numbers, money, dates in the admin's language through Intl; times in the shop's zone. Money arrives as exact decimal text. */
(function () {
    'use strict';

    const { settings, text } = window.MesChain;
    const made = new Map();

    function cached(kind, options) {
        const key = kind.name + JSON.stringify(options);
        if (!made.has(key)) {
            made.set(key, new kind(settings.locale, options));
        }
        return made.get(key);
    }

    function number(value, decimals) {
        const digits = decimals || 0;
        return cached(Intl.NumberFormat, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
    }

    /** Text goes to Intl as it is: a browser that knows exact decimals keeps every digit. */
    function money(value, currency) {
        const digits = currency.decimals === undefined ? 2 : Number(currency.decimals);
        const body = number(value, digits);
        if (currency.symbol_left || currency.symbol_right) {
            const negative = String(value).startsWith('-');
            const plain = negative ? number(String(value).slice(1), digits) : body;
            return (negative ? '−' : '') + (currency.symbol_left || '') + plain + (currency.symbol_right || '');
        }
        return currency.code
            ? cached(Intl.NumberFormat, { style: 'currency', currency: currency.code, minimumFractionDigits: digits, maximumFractionDigits: digits })
                .format(value)
            : body;
    }

    /** An estimate: from a hundred on its decimals would say more than is known. */
    function about(value, currency) {
        return money(value, Math.abs(value) < 100 ? currency : { ...currency, decimals: 0 });
    }

    /** For axes: short and without a currency's decimals, such as 1,2 Mn. */
    function compact(value) {
        return cached(Intl.NumberFormat, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
    }

    function percent(ratio, decimals) {
        const digits = decimals === undefined ? 1 : decimals;
        return cached(Intl.NumberFormat, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(ratio);
    }

    /** How sure a model is: never all the way. */
    function sureness(ratio) {
        return ratio < 0.995 ? percent(ratio, 0) : '> ' + percent(0.99, 0);
    }

    /** Expected pieces: whole ones, but what is less than one is not none. */
    function pieces(value) {
        return number(value, value > 0 && value < 1 ? 1 : 0);
    }

    function signedPercent(ratio) {
        return cached(Intl.NumberFormat, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }).format(ratio);
    }

    /**
     * The start of a period of the shop: a day ('2026-11-22'), an hour ('2026-11-22 14:00'), an ISO week ('2026-W47') or a month ('2026-11').
     * It is no instant: it is held as UTC and never moved by a time zone.
     */
    function dayOf(key) {
        const week = /^(\d{4})-W(\d{2})$/.exec(key);
        if (week) {
            // The fourth of January always lies in the first ISO week.
            const fourth = new Date(Date.UTC(Number(week[1]), 0, 4));
            const monday = fourth.getUTCDate() - ((fourth.getUTCDay() + 6) % 7) + (Number(week[2]) - 1) * 7;
            return new Date(Date.UTC(Number(week[1]), 0, monday));
        }
        const day = key.length === 7 ? key + '-01' : key.slice(0, 10);
        return new Date(day + 'T' + (key.length > 10 ? key.slice(11, 16) : '00:00') + ':00Z');
    }

    function date(key) {
        return cached(Intl.DateTimeFormat, { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'UTC' }).format(dayOf(key));
    }

    function shortDate(value) {
        const day = typeof value === 'string' ? dayOf(value) : value;
        return cached(Intl.DateTimeFormat, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(day);
    }

    /** A key of a series: a day, an hour, the Monday of a week, or a month, by its granularity. */
    function period(key, granularity) {
        if (granularity === 'hour') {
            return cached(Intl.DateTimeFormat, { day: '2-digit', month: '2-digit', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }).format(dayOf(key));
        }
        if (granularity === 'month') {
            return cached(Intl.DateTimeFormat, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(dayOf(key.slice(0, 7)));
        }
        return granularity === 'week' ? text('week_of', { date: date(key) }) : date(key);
    }

    /** An instant (ISO 8601 UTC) in the shop's zone. */
    function moment(iso, zone) {
        const options = { day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' };
        const where = zone || settings.zone;
        return cached(Intl.DateTimeFormat, where ? { ...options, timeZone: where } : options).format(new Date(iso));
    }

    /** Hour and minute of an instant in the shop's zone. */
    function clock(instant) {
        const options = { hour: '2-digit', minute: '2-digit' };
        return cached(Intl.DateTimeFormat, settings.zone ? { ...options, timeZone: settings.zone } : options).format(instant);
    }

    function age(seconds) {
        const steps = [[60, 1, 'second'], [3600, 60, 'minute'], [86400, 3600, 'hour'], [Infinity, 86400, 'day']];
        const [, size, unit] = steps.find(([limit]) => seconds < limit);
        return cached(Intl.RelativeTimeFormat, { numeric: 'auto' }).format(-Math.round(seconds / size), unit);
    }

    function bytes(value) {
        const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
        const step = Math.min(units.length - 1, value > 0 ? Math.floor(Math.log10(value) / 3) : 0);
        return cached(Intl.NumberFormat, { style: 'unit', unit: units[step], maximumFractionDigits: step ? 1 : 0 }).format(value / 1000 ** step);
    }

    function milliseconds(value) {
        return text('ms', { value: number(value, value < 10 ? 2 : value < 100 ? 1 : 0) });
    }

    Object.assign(window.MesChain, {
        format: { number, money, about, compact, percent, sureness, pieces, signedPercent, date, shortDate, period, moment, clock, age, bytes, milliseconds, dayOf },
    });
}());
