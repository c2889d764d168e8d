// What every page owes: no complaint of the browser, no bare key, no sideways scrolling on a phone, the keyboard all the way.
import { expect, opencart, PAGES, test } from './host.mjs';

for (const route of PAGES) {
    test(`${route} opens without a complaint`, async ({ host, page }) => {
        const response = await host.visit(route);
        expect(response.status()).toBe(200);
        expect(response.headers()['x-content-type-options']).toBe('nosniff');
        await page.waitForLoadState('networkidle');
        await expect(page.locator('#content h1')).not.toBeEmpty();
        await expect(page.locator('#content .alert-danger')).toHaveCount(0);
        expect(await host.bareKeys()).toEqual([]);
        expect(host.complaints).toEqual([]);
    });

    test(`${route} fits a phone in both languages`, async ({ host, page }) => {
        await page.setViewportSize({ width: 360, height: 740 });
        await host.visit(route);
        expect(await host.overflow()).toBeLessThanOrEqual(0);
        await host.turkish();
        await host.visit(route);
        expect(await host.overflow()).toBeLessThanOrEqual(0);
        await expect.poll(() => host.cutTables()).toEqual([]);
        expect(await host.bareKeys()).toEqual([]);
    });

    test(`${route} shows its tables whole on a desk`, async ({ host, page }) => {
        await page.setViewportSize({ width: 1440, height: 900 });
        await host.turkish();
        await host.visit(route);
        await expect.poll(() => host.cutTables()).toEqual([]);
    });

    test(`${route} names all its controls`, async ({ host, page }) => {
        await host.visit(route);
        const unnamed = await page.locator('#content').evaluate((content) => [...content.querySelectorAll('button, a[href], input:not([type=hidden]), select')]
            .filter((one) => !(one.textContent || '').trim() && !one.getAttribute('aria-label') && !(one.labels && one.labels.length))
            .map((one) => one.outerHTML));
        expect(unnamed).toEqual([]);
    });
}

test('the filters are reached and used by keyboard alone', async ({ host, page }) => {
    await host.visit('reporting/dashboard');
    await page.locator('#content h1').evaluate((heading) => {
        heading.tabIndex = -1;
        heading.focus();
    });
    const seen = [];
    for (let step = 0; step < 40 && !seen.includes('meschain-verify'); step++) {
        await page.keyboard.press('Tab');
        seen.push(await page.evaluate(() => document.activeElement.id));
    }
    expect(seen).toContain('meschain-range');
    expect(seen).toContain('meschain-verify');
    await page.focus('#meschain-range');
    const loaded = page.waitForResponse((response) => response.url().includes('dashboard.data'));
    await page.keyboard.press('ArrowUp');
    expect((await loaded).ok()).toBe(true);
    await page.locator('.meschain-info').first().focus();
    await expect(page.locator('.tooltip.show')).toBeVisible();
});

test('an explanation goes with the figure it explains', async ({ host, page }) => {
    await host.visit('reporting/dashboard');
    await page.locator('.meschain-info').first().hover();
    await expect(page.locator('.tooltip.show')).toBeVisible();
    const loaded = page.waitForResponse((response) => response.url().includes('dashboard.data'));
    // The pointer stays where it is: the figures are drawn anew under it.
    await page.evaluate(() => {
        const range = document.getElementById('meschain-range');
        range.selectedIndex = (range.selectedIndex + 1) % 2;
        range.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await loaded;
    await expect(page.locator('#meschain-report')).not.toHaveAttribute('aria-busy', 'true');
    await page.mouse.move(0, 0);
    await expect(page.locator('.tooltip')).toHaveCount(0);
});

test('the report prints without the frame', async ({ host, page }) => {
    await host.visit('reporting/dashboard');
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('#column-left')).toBeHidden();
    await expect(page.locator('#meschain-filters')).toBeHidden();
    await expect(page.locator('[data-kpi="revenue"]')).toBeVisible();
});

test('our own requests are timed', async ({ host, page }) => {
    await host.json('reporting/dashboard.data', { range: 'last_7' });
    await host.visit('performance/monitor');
    const { requests, status } = await host.json('performance/monitor.data', { minutes: '15' });
    expect(requests.total.count).toBeGreaterThan(0);
    expect(requests.endpoints.some((one) => one.endpoint.includes('reporting/dashboard'))).toBe(true);
    expect(requests.total.p50_ms).toBeLessThanOrEqual(requests.total.p95_ms);
    await expect(page.locator('[data-measure="p95"] .meschain-kpi-value')).toContainText('ms');
    expect(status.tiers.map((tier) => tier.tier)).toEqual(['L0', 'L1', 'L2']);
    await expect(page.locator('#meschain-tiers tbody tr')).toHaveCount(3);
});

test('settings are saved and the state is shown', async ({ host, page }) => {
    await host.visit('module/meschain');
    await expect(page.locator('[data-check]').first()).toBeVisible();
    await page.selectOption('#input-range', 'last_90');
    await page.locator('button[form="meschain-settings"]').click();
    await expect(page.locator('#alert .alert-success')).toBeVisible();
    await host.visit('reporting/dashboard');
    await expect(page.locator('#meschain-range')).toHaveValue('last_90');
    await host.visit('module/meschain');
    await page.selectOption('#input-range', 'last_30');
    await page.locator('button[form="meschain-settings"]').click();
    await expect(page.locator('#alert .alert-success')).toBeVisible();
});

test('the console sends its guards with every page', async ({ host }) => {
    test.skip(opencart, 'OpenCart\'s own pages need inline scripts');
    const headers = (await host.visit('reporting/dashboard')).headers();
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-frame-options']).toBeTruthy();
    expect(headers['cache-control']).toContain('no-store');
});

test('the console shows an unknown page as such', async ({ host, page }) => {
    test.skip(opencart, 'OpenCart has its own page for that');
    for (const route of ['nothing/here', 'event/menu', 'reporting/dashboard.__construct', 'reporting/dashboard.page']) {
        const response = await page.goto(host.address(route));
        expect(response.status(), route).toBe(404);
    }
});
