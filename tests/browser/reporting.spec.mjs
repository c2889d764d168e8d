import { readFile } from 'node:fs/promises';
import { expect, Host, test } from './host.mjs';

const RANGE = { range: 'last_90' };

/** What a figure on the page must read in British English, from the exact text of the answer. */
function shown(kpi, currency) {
    if (kpi.unit !== 'money') {
        return new Intl.NumberFormat('en-GB').format(kpi.value);
    }
    const digits = { minimumFractionDigits: currency.decimals, maximumFractionDigits: currency.decimals };
    return currency.symbol_left + new Intl.NumberFormat('en-GB', digits).format(kpi.value) + currency.symbol_right;
}

test('the key figures are those of the answer, with their basis', async ({ host, page }) => {
    await host.visit('reporting/dashboard', RANGE);
    const report = await host.json('reporting/dashboard.data', RANGE);
    expect(report.available).toBe(true);
    expect(report.kpis.map((kpi) => kpi.id)).toEqual(['revenue', 'orders', 'average_order_value', 'units', 'returns', 'new_customers']);
    expect(Number(report.kpis[0].value)).toBeGreaterThan(0);
    for (const kpi of report.kpis) {
        const value = page.locator(`[data-kpi="${kpi.id}"] .meschain-kpi-value`);
        await expect(value).toHaveAttribute('data-value', String(kpi.value));
        await expect(value).toHaveText(shown(kpi, report.currency));
    }
    const basis = page.locator('#meschain-basis');
    await expect(basis).toContainText(report.currency.code);
    await expect(basis).toContainText(report.timezone);
    for (const status of report.statuses.names) {
        await expect(basis).toContainText(status);
    }
});

test('the tables hold the rows of the answer', async ({ host, page }) => {
    await host.visit('reporting/dashboard', RANGE);
    const report = await host.json('reporting/dashboard.data', RANGE);
    await expect(page.locator('#meschain-products tbody tr')).toHaveCount(report.top_products.length);
    await expect(page.locator('#meschain-products tbody tr').first()).toContainText(report.top_products[0].name);
    await expect(page.locator('#meschain-marketplaces tbody tr')).toHaveCount(report.marketplaces.length);
    await page.locator('#meschain-series summary').click();
    await expect(page.locator('#meschain-series .meschain-behind tbody tr')).toHaveCount(report.series.length);
    await expect(page.locator('#meschain-series canvas')).toBeVisible();
    await expect(page.locator('#meschain-series [role="img"]')).toHaveAttribute('aria-label', /Revenue/);
});

test('another range is loaded, kept in the address, and there again after a reload', async ({ host, page }) => {
    await host.visit('reporting/dashboard', RANGE);
    const loaded = page.waitForResponse((response) => response.url().includes('dashboard.data') && response.url().includes('range=year'));
    await page.selectOption('#meschain-range', 'year');
    const report = await (await loaded).json();
    await expect(page.locator('[data-kpi="orders"] .meschain-kpi-value')).toHaveAttribute('data-value', String(report.kpis[1].value));
    expect(new URL(page.url()).searchParams.get('range')).toBe('year');
    await page.reload();
    await expect(page.locator('#meschain-range')).toHaveValue('year');
});

test('figures that were asked for earlier come neither in place of the newer ones nor of the question for dates', async ({ host, page }) => {
    await host.visit('reporting/dashboard', RANGE);
    const report = await host.json('reporting/dashboard.data', { range: 'last_7' });
    const drawn = () => expect(page.locator('[data-kpi="orders"] .meschain-kpi-value')).toHaveAttribute('data-value', String(report.kpis[1].value));
    await host.overtake(/dashboard\.data.*range=year/, () => page.selectOption('#meschain-range', 'year'), async () => {
        await page.selectOption('#meschain-range', 'last_7');
        await drawn();
    });
    await drawn();
    const asked = () => expect(page.locator('#meschain-report')).toBeHidden();
    await host.overtake(/dashboard\.data.*range=year/, () => page.selectOption('#meschain-range', 'year'), async () => {
        await page.selectOption('#meschain-range', 'custom');
        await asked();
    });
    await asked();
    await expect(page.locator('#meschain-state .meschain-empty')).toBeVisible();
});

test('a check of earlier figures is not shown beside the newer ones', async ({ host, page }) => {
    await host.visit('reporting/dashboard', RANGE);
    const report = await host.json('reporting/dashboard.data', { range: 'last_7' });
    await host.overtake(/dashboard\.verify/, () => page.click('#meschain-verify'), async () => {
        await page.selectOption('#meschain-range', 'last_7');
        await expect(page.locator('[data-kpi="orders"] .meschain-kpi-value')).toHaveAttribute('data-value', String(report.kpis[1].value));
    });
    await expect(page.locator('#meschain-verified')).toBeEmpty();
    await expect(page.locator('#meschain-verify')).toBeEnabled();
});

test('chosen dates are used, both inclusive', async ({ host, page }) => {
    const { range } = await host.json('reporting/dashboard.data', RANGE);
    await host.visit('reporting/dashboard', { range: 'custom', from: range.to, to: range.to });
    const report = await host.json('reporting/dashboard.data', { range: 'custom', from: range.to, to: range.to });
    expect(report.range.days).toBe(1);
    await expect(page.locator('#meschain-from')).toBeVisible();
    await expect(page.locator('[data-kpi="orders"] .meschain-kpi-value')).toHaveAttribute('data-value', String(report.kpis[1].value));
});

test('the split by marketplace can be narrowed to one', async ({ host, page }) => {
    await host.visit('reporting/dashboard', RANGE);
    const report = await host.json('reporting/dashboard.data', RANGE);
    const one = report.marketplaces.at(-1);
    const loaded = page.waitForResponse((response) => response.url().includes(`marketplace_id=${one.marketplace_id}`));
    await page.selectOption('#meschain-marketplace', String(one.marketplace_id));
    const narrow = await (await loaded).json();
    expect(narrow.kpis[0].value).toBe(one.revenue);
});

test('a value that is not understood is said so, and nothing breaks', async ({ host, page }) => {
    await host.visit('reporting/dashboard', { range: 'custom', from: '2026-02-31', to: '2026-03-01' });
    const answer = await page.request.get(host.address('reporting/dashboard.data', { range: 'sideways' }));
    expect(answer.status()).toBe(400);
    expect((await answer.json()).code).toBe('argument');
    await page.selectOption('#meschain-range', 'last_90');
    await expect(page.locator('[data-kpi="revenue"]')).toBeVisible();
});

test('CSV holds what is shown', async ({ host, page }) => {
    await host.visit('reporting/dashboard', RANGE);
    const report = await host.json('reporting/dashboard.data', RANGE);
    const started = page.waitForEvent('download');
    await page.locator('[data-meschain-csv="top_products"]').click();
    const download = await started;
    expect(download.suggestedFilename()).toMatch(/^meschain-top_products-last_90-\d{4}-\d{2}-\d{2}\.csv$/);
    const lines = (await readFile(await download.path(), 'utf8')).replace(/^\uFEFF/, '').trim().split(/\r?\n/);
    expect(lines.length).toBe(report.top_products.length + 1);
    expect(lines[1]).toContain(report.top_products[0].revenue.replace(/0+$/, '').replace(/\.$/, ''));
});

test('the figures are equal to SQL on the database', async ({ host, page }) => {
    await host.visit('reporting/dashboard', RANGE);
    await page.click('#meschain-verify');
    await expect(page.locator('#meschain-verified .alert-success')).toBeVisible();
    await expect(page.locator('#meschain-verified tbody tr').first()).toBeAttached();
});

test('refreshing brings the figures up to date', async ({ host, page }) => {
    await host.visit('reporting/dashboard', RANGE);
    const done = page.waitForResponse((response) => response.url().includes('dashboard.refresh'));
    await page.click('#meschain-refresh');
    const answer = await (await done).json();
    expect(answer.refreshed).toBe(true);
    await expect(page.locator('[data-kpi="revenue"]')).toBeVisible();
});

test('a failing answer is a sentence with a way on, not an empty page', async ({ host, page }) => {
    await host.visit('reporting/dashboard', RANGE);
    await page.route('**/*dashboard.data*', (route) => route.fulfill({ status: 503, contentType: 'application/json',
        body: JSON.stringify({ error: 'The database cannot be reached.', code: 'database_down', detail: '' }) }));
    await page.selectOption('#meschain-range', 'last_7');
    await expect(page.locator('#meschain-state .alert-danger')).toContainText('The database cannot be reached.');
    await expect(page.locator('#meschain-report')).toBeHidden();
    await page.unroute('**/*dashboard.data*');
    await page.locator('#meschain-state button', { hasText: 'Try again' }).click();
    await expect(page.locator('[data-kpi="revenue"]')).toBeVisible();
});

test('without figures the page says what to do next', async ({ host, page }) => {
    await page.route('**/*dashboard.data*', (route) => route.fulfill({ json: { available: false, reason: 'no_snapshot' } }));
    await host.visit('reporting/dashboard');
    await expect(page.locator('#meschain-state')).toContainText('not been loaded');
    await expect(page.locator('#meschain-state button')).toBeVisible();
});

test('names are text, never markup', async ({ host, page }) => {
    const probe = '<img src=x onerror="window.broken=1"><script>window.broken=2</script>';
    const report = await host.json('reporting/dashboard.data', RANGE);
    report.top_products[0].name = probe;
    report.marketplaces[0].name = probe;
    report.statuses.names = [probe];
    report.timezone = 'UTC';
    await page.route('**/*dashboard.data*', (route) => route.fulfill({ json: report }));
    await host.visit('reporting/dashboard', { ...RANGE, search: probe, store_id: '"><img src=x onerror="window.broken=3">' });
    await expect(page.locator('#meschain-products')).toContainText(probe);
    expect(await page.evaluate(() => window.broken)).toBeUndefined();
});

test('Turkish: sentences, numbers and dates', async ({ page }) => {
    const host = new Host(page);
    await host.login();
    await host.visit('reporting/dashboard', RANGE);
    await host.turkish();
    await host.visit('reporting/dashboard', RANGE);
    await expect(page.locator('#content h1')).toHaveText('Satış raporu');
    const report = await host.json('reporting/dashboard.data', RANGE);
    const number = new Intl.NumberFormat('tr-TR', { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(report.kpis[0].value);
    await expect(page.locator('[data-kpi="revenue"] .meschain-kpi-value')).toContainText(number);
    await expect(page.locator('#meschain-basis')).toContainText(report.range.to.split('-').reverse().join('.'));
    expect(await host.bareKeys()).toEqual([]);
});

test('steps of a week, a month and an hour are drawn and named', async ({ host, page }) => {
    for (const [granularity, range, name] of [['week', 'last_90', /Week of \d{2}\/\d{2}\/\d{4}/], ['month', 'year', /[A-Z][a-z]+ \d{4}/], ['hour', 'last_7', /\d{2}:00/]]) {
        await host.visit('reporting/dashboard', { range, granularity });
        await page.locator('#meschain-series summary').click();
        await expect(page.locator('#meschain-series .meschain-behind tbody th').first()).toHaveText(name);
        await expect(page.locator('#meschain-series canvas')).toBeVisible();
    }
    expect(host.complaints).toEqual([]);
});
