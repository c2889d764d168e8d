/* Another category in place of the suggested one: the model's next guesses, and a search over the shop's categories. */
(function () {
    'use strict';

    const { settings, text, element, asker, failureNotice, show, format, inbox } = window.MesChain;
    const TYPING_MILLISECONDS = 250;
    /** What the model holds less likely is no guess. */
    const LEAST_CONFIDENCE = 0.01;

    /** A part of a row that opens; `chosen` is given {category_id, path}. */
    function picker(one, chosen) {
        const found = element('div', { 'aria-live': 'polite' });
        const field = element('input', { type: 'search', class: 'form-control form-control-sm', autocomplete: 'off', maxlength: '100', placeholder: text('search_category'), 'aria-label': text('search_category') });
        const made = element('details', { class: 'meschain-picker small' }, element('summary', {}, text('other_category')), element('div', { class: 'mt-2' }, field, found));
        const ask = searcher(one, found, chosen);
        let waiting = 0;
        made.addEventListener('toggle', () => {
            if (made.open && !found.hasChildNodes()) {
                ask('');
            }
        });
        field.addEventListener('input', () => {
            window.clearTimeout(waiting);
            waiting = window.setTimeout(() => ask(field.value.trim()), TYPING_MILLISECONDS);
        });
        return made;
    }

    function searcher(one, target, chosen) {
        const categories = asker(settings.urls.categories);
        return async function ask(search) {
            try {
                const answer = await categories.ask({ id: one.suggestion_id, search });
                if (answer) {
                    show(target, search ? matches(one, answer.found, chosen) : guesses(one, answer.alternatives, chosen));
                }
            } catch (error) {
                show(target, failureNotice(error, () => ask(search)));
            }
        };
    }

    /** What the model holds next likely, without what it suggests already. */
    function guesses(one, alternatives, chosen) {
        const suggested = (one.suggested.add || []).map((entry) => entry.category_id);
        const others = alternatives.filter((guess) => !suggested.includes(guess.category_id) && guess.confidence >= LEAST_CONFIDENCE);
        return [element('p', { class: 'text-body-secondary mt-2 mb-1' }, text(others.length ? 'next_guesses' : 'no_guesses')),
            list(one, others.map((guess) => ({ category_id: guess.category_id, path: guess.category, aside: text('sure', { value: format.sureness(guess.confidence) }) })), chosen)];
    }

    function matches(one, found, chosen) {
        return found.length ? [list(one, found, chosen)] : [element('p', { class: 'text-body-secondary mt-2 mb-1' }, text('no_category_found'))];
    }

    /** Where choosing a category would change nothing, the list says so instead of offering it. */
    function list(one, categories, chosen) {
        return element('div', { class: 'list-group mt-2' }, categories.map((category) => {
            const after = inbox.replaced(one, category);
            const idle = !after.add.length && !after.remove.length;
            const aside = idle ? text('is_there') : category.aside;
            const button = element('button', { type: 'button', class: 'list-group-item list-group-item-action py-1 d-flex justify-content-between gap-2', 'data-category': category.category_id, disabled: idle },
                element('span', {}, category.path || '#' + category.category_id), aside ? element('span', { class: 'text-body-secondary text-nowrap' }, aside) : null);
            button.addEventListener('click', () => chosen({ category_id: category.category_id, path: category.path }));
            return button;
        }));
    }

    Object.assign(inbox, { picker });
}());
