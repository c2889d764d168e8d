/* The tab on OpenCart's product form: loads our page when it is opened for the first time, and gives it the height it needs. */
(function () {
    'use strict';

    const tab = document.getElementById('meschain-tab');
    const frame = document.getElementById('meschain-product');
    if (!tab || !frame) {
        return;
    }
    Object.assign(frame.style, { width: '100%', minHeight: '40rem', border: '0' });
    tab.addEventListener('shown.bs.tab', () => {
        frame.src = frame.dataset.source;
    }, { once: true });
    frame.addEventListener('load', () => {
        const content = frame.contentDocument && frame.contentDocument.getElementById('content');
        if (content) {
            new ResizeObserver(() => {
                frame.style.height = content.offsetHeight + 16 + 'px';
            }).observe(content);
        }
    });
}());
