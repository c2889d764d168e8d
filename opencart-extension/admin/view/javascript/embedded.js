/* Our page inside another: its links lead the whole window. */
document.addEventListener('click', (event) => {
    const link = event.target.closest && event.target.closest('a[href]');
    if (link && !link.getAttribute('href').startsWith('#')) {
        link.target = '_top';
    }
}, true);
