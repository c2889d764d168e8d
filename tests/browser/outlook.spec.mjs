import { expect, test } from './host.mjs';

for (const route of ['reporting/dashboard', 'ai/dashboard']) {
    test(`${route} tells what the forecasts say`, async ({ host, page }) => {
        await host.visit(route);
        const found = await host.json(route + '.outlook');
        expect(found.available).toBe(true);
        expect(found.items.length).toBeGreaterThan(0);
        await expect(page.locator('#meschain-outlook tbody tr')).toHaveCount(found.items.length);
        await expect(page.locator('#meschain-outlook tbody tr').first()).toContainText(found.items[0].name);
        const units = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 }).format(found.total.units);
        await expect(page.locator('[data-outlook="total"]')).toContainText(`${units} pieces`);
        expect(await host.bareKeys()).toEqual([]);
    });
}

test('without forecasts the outlook says how they come about', async ({ host, page }) => {
    await page.route('**/*dashboard.outlook*', (route) => route.fulfill({ json: { available: false, reason: 'not_forecast', currency: {} } }));
    await host.visit('reporting/dashboard');
    await expect(page.locator('#meschain-outlook')).toContainText('No forecasts are made yet');
});

test('what is owed to customers is told as such', async ({ host, page }) => {
    const item = { kind: 'stock_out', product_id: 1, name: 'Çay', model: '', event_on: '2026-11-27', value: 5, detail: { quantity: -7, owed_units: 7, missed_units: 2, reorder_quantity: 19 } };
    const unknown = { ...item, product_id: 2, detail: { quantity: -3, owed_units: 3, reorder_quantity: 3 } };
    const real = await host.json('reporting/dashboard.outlook');
    await page.route('**/*dashboard.outlook*', (route) => route.fulfill({ json: { ...real, items: [item, unknown] } }));
    await host.visit('reporting/dashboard');
    await expect(page.locator('#meschain-outlook tbody tr').first()).toContainText('Owed to customers: 7. Expected to be asked for until a delivery ordered today: about 2. To order: 19.');
    await expect(page.locator('#meschain-outlook tbody tr').last()).toContainText('Owed to customers: 3. To order: 3. Too few sales yet for a forecast.');
});

test('stocks that are placeholders are told as such, and nothing is where there are none', async ({ host, page }) => {
    const real = await host.json('reporting/dashboard.outlook');
    await host.visit('reporting/dashboard');
    await expect(page.locator('[data-outlook="total"]')).toBeVisible();
    await expect(page.locator('[data-outlook="placeholders"]')).toHaveCount(0);
    await page.route('**/*dashboard.outlook*', (route) => route.fulfill({ json: { ...real, total: { ...real.total, placeholder_stocks: 1812 } } }));
    await host.visit('reporting/dashboard');
    await expect(page.locator('[data-outlook="placeholders"]')).toContainText('The stocks of 1,812 products');
});

test('names in the outlook are text, never markup', async ({ host, page }) => {
    const item = { kind: 'stock_out', product_id: 1, name: '<img src=x onerror="window.broken=1">', model: '', event_on: '2026-12-12', value: 5, detail: { quantity: 3, missed_units: 2, reorder_quantity: 9 } };
    const real = await host.json('reporting/dashboard.outlook');
    await page.route('**/*dashboard.outlook*', (route) => route.fulfill({ json: { ...real, items: [item] } }));
    await host.visit('reporting/dashboard');
    await expect(page.locator('#meschain-outlook tbody tr')).toContainText('<img src=x');
    await expect(page.locator('#meschain-outlook tbody tr')).toContainText('12/12/2026');
    expect(await page.evaluate(() => window.broken)).toBeUndefined();
});
