/* Settings: the state of the installation, and MesChain's tables. The form itself is OpenCart's own (data-oc-toggle). */
window.MesChain.ready(function () {
    'use strict';

    const { settings, text, hasText, element, icon, get, post, notice, failureNotice, show, id } = window.MesChain;

    async function load() {
        try {
            const found = await get(settings.urls.data);
            show(id('doctor'), checks(found.doctor));
            show(id('migrations'), ...tables(found.migrations));
        } catch (error) {
            show(id('doctor'), failureNotice(error, load));
            show(id('migrations'));
        }
    }

    function state(status) {
        const looks = { ok: ['success', 'circle-check'], warning: ['warning', 'triangle-exclamation'], error: ['danger', 'circle-xmark'], off: ['secondary', 'circle-minus'] };
        const [tone, symbol] = looks[status] || looks.off;
        return element('span', { class: 'badge text-bg-' + tone }, icon(symbol), ' ' + text('check_' + status));
    }

    function checks(doctor) {
        return element('ul', { class: 'list-unstyled mb-0' }, doctor.checks.map((check) => element('li', { class: 'meschain-check', 'data-check': check.name },
            element('div', { class: 'meschain-check-name' }, hasText('check_name_' + check.name) ? text('check_name_' + check.name) : check.name.replaceAll('_', ' ')),
            state(check.status),
            element('div', { class: 'meschain-check-value' }, check.value,
                check.remedy ? element('div', { class: 'small text-body-secondary' }, hasText('remedy_' + check.remedy) ? text('remedy_' + check.remedy) : check.remedy) : null))));
    }

    function tables(migrations) {
        if (!migrations.available) {
            return [notice('warning', 'database', text('migrations_unknown'))];
        }
        const pending = migrations.list.filter((one) => one.status !== 'applied');
        if (!pending.length) {
            return [notice('success', 'circle-check', text('migrations_done'))];
        }
        const changed = pending.filter((one) => one.status === 'changed');
        const button = settings.can.modify ? element('button', { type: 'button', class: 'btn btn-sm btn-primary mt-2' }, text('migrate')) : null;
        if (button) {
            button.addEventListener('click', () => migrate(button));
        }
        return [notice('warning', 'triangle-exclamation', text(changed.length ? 'migrations_changed' : 'migrations_pending'),
            element('div', { class: 'small' }, pending.map((one) => one.version + ' ' + one.name).join(', ')), button)];
    }

    async function migrate(button) {
        button.disabled = true;
        try {
            await post(settings.urls.migrate);
            load();
        } catch (error) {
            show(id('migrations'), failureNotice(error, load));
        }
    }

    load();
});
