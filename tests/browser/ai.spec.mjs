import { expect, test } from './host.mjs';

const MODELS = ['categorization', 'pricing', 'forecasting', 'recommendation'];

test('each model shows its error beside a naive baseline', async ({ host, page }) => {
    await host.visit('ai/dashboard');
    const { models } = await host.json('ai/dashboard.data');
    expect(models.map((model) => model.type)).toEqual(MODELS);
    for (const model of models) {
        const card = page.locator(`[data-model="${model.type}"]`);
        await expect(card).toBeVisible();
        if (model.metric) {
            const bars = card.locator('.meschain-bar-row strong');
            const three = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 3, maximumFractionDigits: 3 });
            await expect(bars.nth(0)).toHaveText(three.format(model.metric.value));
            await expect(bars.nth(1)).toHaveText(three.format(model.metric.baseline));
        }
    }
    expect(models.filter((model) => model.status === 'active').length).toBeGreaterThan(0);
});

test('training becomes a job that is shown and can be cancelled', async ({ host, page }) => {
    await host.visit('ai/dashboard');
    for (const model of MODELS.slice(1)) {
        await page.uncheck(`#meschain-train-${model}`);
    }
    const asked = page.waitForResponse((response) => response.url().includes('dashboard.train'));
    await page.click('#meschain-train button[type="submit"]');
    const { job } = await (await asked).json();
    expect(job.job_id).toBeGreaterThan(0);
    const progress = page.locator('#meschain-progress');
    await expect(progress).toContainText(/#\d+|trained/);
    const cancel = progress.getByRole('button', { name: 'Cancel' });
    if (await cancel.isVisible()) {
        await cancel.click();
    }
    await expect(progress.locator('.alert')).toBeVisible({ timeout: 30_000 });
    const after = await host.json('ai/dashboard.job', { job_id: String(job.job_id) });
    expect(['cancelled', 'done']).toContain(after.job.status);
    await expect(page.locator('#meschain-jobs')).toContainText(`#${job.job_id}`);
});

test('training nothing is refused in words', async ({ host, page }) => {
    await host.visit('ai/dashboard');
    for (const model of MODELS) {
        await page.uncheck(`#meschain-train-${model}`);
    }
    await page.click('#meschain-train button[type="submit"]');
    await expect(page.locator('#meschain-progress')).toContainText('at least one');
    const answer = await page.request.post(host.address('ai/dashboard.train'), { form: { 'models[]': 'everything' } });
    expect(answer.ok()).toBe(false);
});

test('a product is found by its name and opened', async ({ host, page }) => {
    await host.visit('ai/product');
    const rows = page.locator('#meschain-products tbody tr');
    await expect(rows.first()).toBeVisible();
    const name = await rows.first().locator('a').innerText();
    await page.fill('#meschain-search', name);
    await page.keyboard.press('Enter');
    await expect(rows.first()).toContainText(name);
    // The list is in the language of the page, the figures know the product by the shop's: the model is the same in both.
    const model = await rows.first().locator('td').first().innerText();
    await rows.first().locator('a').click();
    await expect(page.locator('#meschain-facts')).toContainText(model);
    await expect(page.locator('#meschain-name')).not.toBeEmpty();
});

test('a search without a match says so', async ({ host, page }) => {
    const probe = '<b onmouseover=alert(1)>%_\'"';
    await host.visit('ai/product', { search: probe });
    await expect(page.locator('.meschain-empty')).toContainText('No product fits');
    await expect(page.locator('#meschain-search')).toHaveValue(probe);
});

test('a best seller has category, price, forecast and related products as answered', async ({ host, page }) => {
    const report = await host.json('reporting/dashboard.data', { range: 'last_90' });
    const id = String(report.top_products[0].product_id);
    await host.visit('ai/product.info', { product_id: id });
    const product = await host.json('ai/product.data', { product_id: id });
    expect(String(product.product_id)).toBe(id);
    expect(product.forecast.available).toBe(true);
    await expect(page.locator('#meschain-forecast canvas')).toBeVisible();
    await expect(page.locator('#meschain-forecast')).toContainText(`next ${product.forecast.points.length} ${product.forecast.granularity}s`);
    await page.locator('#meschain-forecast summary').click();
    await expect(page.locator('#meschain-forecast .meschain-behind tbody tr')).toHaveCount(product.forecast.points.length);
    for (const point of product.forecast.points) {
        expect(point.lower).toBeLessThanOrEqual(point.value);
        expect(point.value).toBeLessThanOrEqual(point.upper);
    }
    if (product.category.available && product.category.suggestions.length) {
        await expect(page.locator('#meschain-category')).toContainText(product.category.suggestions[0].category);
    }
    if (product.related.available && product.related.items.length) {
        await expect(page.locator('#meschain-related tbody tr')).toHaveCount(product.related.items.length);
    }
    if (product.price_suggestion.available) {
        await expect(page.locator('#meschain-simulation canvas')).toBeVisible();
    }
});

test('a part without an answer gives its reason', async ({ host, page }) => {
    const report = await host.json('reporting/dashboard.data', { range: 'last_90' });
    const id = String(report.top_products[0].product_id);
    const product = await host.json('ai/product.data', { product_id: id });
    product.name = '<img src=x onerror="window.broken=1">';
    product.forecast = { available: false, reason: 'not_enough_data' };
    product.price_suggestion = { available: false, reason: 'no_model' };
    await page.route('**/*product.data*', (route) => route.fulfill({ json: product }));
    await host.visit('ai/product.info', { product_id: id });
    await expect(page.locator('#meschain-forecast')).toContainText('not enough data');
    await expect(page.locator('#meschain-price')).toContainText('No model is trained');
    await expect(page.locator('#meschain-name')).toHaveText(product.name);
    expect(await page.evaluate(() => window.broken)).toBeUndefined();
});

test('the price of a special says which price it stands beside', async ({ host, page }) => {
    const report = await host.json('reporting/dashboard.data', { range: 'last_90' });
    const id = String(report.top_products[0].product_id);
    const product = await host.json('ai/product.data', { product_id: id });
    product.price_suggestion.list_price = 1234.5;
    await page.route('**/*product.data*', (route) => route.fulfill({ json: product }));
    await host.visit('ai/product.info', { product_id: id });
    await expect(page.locator('#meschain-price')).toContainText(/Special price: the catalogue asks [^ ]*1,234\.50\./);
    Object.assign(product.price_suggestion, { current_price: 800, suggested_price: 840, list_price: 1000, list_follows: 'share' });
    await host.visit('ai/product.info', { product_id: id });
    await expect(page.locator('#meschain-price')).toContainText(/asks [^ ]*1,000\.00, and [^ ]*1,050\.00 afterwards/);
});

test('stock below zero is what is owed to customers', async ({ host, page }) => {
    const report = await host.json('reporting/dashboard.data', { range: 'last_90' });
    const id = String(report.top_products[0].product_id);
    const product = await host.json('ai/product.data', { product_id: id });
    Object.assign(product.forecast.stock, { quantity: -7, days_of_cover: 0, reorder_quantity: 19 });
    await page.route('**/*product.data*', (route) => route.fulfill({ json: product }));
    await host.visit('ai/product.info', { product_id: id });
    await expect(page.locator('#meschain-forecast')).toContainText('Owed to customers');
    await expect(page.locator('#meschain-forecast')).toContainText('now 19');
});

test('a product that does not count its stock has no plan for it', async ({ host, page }) => {
    const report = await host.json('reporting/dashboard.data', { range: 'last_90' });
    const id = String(report.top_products[0].product_id);
    const product = await host.json('ai/product.data', { product_id: id });
    product.quantity = product.forecast.stock = null;
    await page.route('**/*product.data*', (route) => route.fulfill({ json: product }));
    await host.visit('ai/product.info', { product_id: id });
    await expect(page.locator('#meschain-facts')).toContainText('not counted');
    await expect(page.locator('#meschain-forecast')).not.toContainText('Stock runs out');
});

test('a product that does not exist is answered with a sentence', async ({ host, page }) => {
    const answer = await page.request.get(host.address('ai/product.data', { product_id: '999999999' }));
    expect(answer.status()).toBe(404);
    const page404 = await page.goto(host.address('ai/product.info', { product_id: 'abc' }));
    expect(page404.status()).toBe(404);
    await expect(page.locator('#meschain-failed')).toBeVisible();
});

test('the training page says how many rows people confirmed', async ({ host, page }) => {
    const kept = await host.json('ai/training.quality', { type: 'categorization' });
    expect(kept.confirmed).toBeGreaterThanOrEqual(0);
    await host.visit('ai/training');
    const shown = page.locator('#meschain-quality-categorization [data-confirmed]');
    await expect(shown).toHaveAttribute('data-confirmed', String(kept.confirmed));
    await expect(page.locator('#meschain-quality-pricing [data-confirmed]')).toHaveCount(0);
    await page.route('**/*training.quality*', (route) => route.fulfill({ json: { ...kept, confirmed: 1234 } }));
    await host.visit('ai/training');
    await expect(shown).toContainText('1,234 of them were confirmed');
    await host.turkish();
    await host.visit('ai/training');
    await expect(shown).toContainText('1.234 tanesi');
});

test('trainings say whether they were updates, and why one was not', async ({ host, page }) => {
    const kept = await host.json('ai/training.data');
    await host.visit('ai/training');
    expect(kept.runs.length).toBeGreaterThan(0);
    expect(await page.locator('#meschain-runs [data-mode]').evaluateAll((cells) => cells.map((cell) => cell.dataset.mode))).toEqual(kept.runs.map((run) => run.mode));
    const [run] = kept.runs;
    const lost = { status: 'not_better', metric: 'ndcg_20', better: 'higher', challenger: 0.2047, champion: 0.21, error: 'ndcg_20 0.2047 on held-out data does not beat it' };
    const runs = [{ ...run, ...lost, type: 'recommendation', mode: 'update', full_because: null }, { ...run, mode: 'full', full_because: 'old_choices' }];
    await page.route('**/*training.data*', (route) => route.fulfill({ json: { ...kept, runs } }));
    await host.visit('ai/training');
    const modes = page.locator('#meschain-runs [data-mode]');
    await expect(modes).toHaveText(['update', /^full.*the last full training is too long ago$/]);
    await page.setViewportSize({ width: 360, height: 740 });
    const beyond = () => page.locator('#meschain-runs .table-responsive').evaluate((box) => box.scrollWidth - box.clientWidth);
    await expect.poll(beyond).toBeLessThanOrEqual(0);
    await expect(page.locator('#meschain-runs tbody tr').first().getByText('· update')).toBeVisible();
    await host.turkish();
    await host.visit('ai/training');
    await expect(modes.first()).toHaveText('güncelleme');
    await expect.poll(beyond).toBeLessThanOrEqual(0);
    await expect(page.locator('#meschain-runs')).toContainText('NDCG (ilk 20): 0,205, kullanımdaki 0,210');
    await expect(page.locator('#meschain-runs')).not.toContainText('does not beat');
});

test('an update is asked for, stopped, and gone on with', async ({ host, page }) => {
    await host.visit('ai/training');
    const asked = page.waitForResponse((response) => response.url().includes('training.update'));
    await page.click('#meschain-update');
    const { job } = await (await asked).json();
    const progress = page.locator('#meschain-progress');
    await expect(page.locator('#meschain-train')).toBeDisabled();
    await progress.getByRole('button', { name: 'Cancel' }).click();
    const stopped = page.locator('#meschain-resume .alert');
    await expect(stopped).toContainText(`#${job.job_id}`);
    await stopped.getByRole('button', { name: 'Go on with it' }).click();
    await expect(progress).toContainText(`#${job.job_id}`);
    await expect(stopped).toHaveCount(0);
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await expect(stopped).toBeVisible();
    await expect(page.locator('#meschain-train')).toBeEnabled();
});

test('a setting that is refused is named by its label', async ({ host, page }) => {
    await host.visit('ai/training');
    await page.fill('#meschain-price_change_limit', 'much');
    await page.locator('#meschain-settings button[type="submit"]').click();
    await expect(page.locator('#meschain-saved')).toContainText('The setting "Largest change" was not taken.');
    await expect(page.locator('#meschain-price_change_limit')).toHaveClass(/is-invalid/);
});

test('another period of how a model does is loaded, kept in the address, and not overtaken by the one before', async ({ host, page }) => {
    const kept = await host.json('ai/analytics.data', { type: 'pricing' });
    await page.route('**/*analytics.data*', (route) => route.fulfill({ json: { ...kept, predictions: { count: Number(new URL(route.request().url()).searchParams.get('days')), median_ms: null, per_day: [] } } }));
    await host.visit('ai/analytics', { type: 'pricing' });
    const asked = page.locator('#meschain-predictions .meschain-lead');
    await expect(asked).toHaveText('90 logged answers');
    await host.overtake(/analytics\.data.*days=365/, () => page.selectOption('#meschain-days', '365'), async () => {
        await page.selectOption('#meschain-days', '30');
        await expect(asked).toHaveText('30 logged answers');
    });
    await expect(asked).toHaveText('30 logged answers');
    await expect(page.locator('#content [aria-busy="true"]')).toHaveCount(0);
    await expect(page.locator('#meschain-types [data-type="forecasting"]')).toHaveAttribute('href', /days=30/);
    await page.reload();
    await expect(page.locator('#meschain-days')).toHaveValue('30');
});

test('a model that lacks data says how much, in the language of the page', async ({ host, page }) => {
    const kept = await host.json('ai/dashboard.data');
    const [model, ...others] = kept.models;
    const bare = { ...model, version: null, status: 'none', trained_at: null, data_size: 0, metric: null, extra: {}, reason: 'not_trained' };
    const run = { ...kept.runs[0], type: model.type, status: 'not_enough_data', error: 'needs 50 products, found 1234' };
    await page.route('**/*dashboard.data*', (route) => route.fulfill({ json: { ...kept, models: [bare, ...others], runs: [run] } }));
    await host.visit('ai/dashboard');
    const card = page.locator(`[data-model="${model.type}"]`);
    await expect(card).toContainText('needs products: 50; there are 1,234');
    await expect(card.locator('.meschain-fact')).toHaveCount(0);
    await host.turkish();
    await host.visit('ai/dashboard');
    await expect(card).toContainText('gereken: 50 ürün; bulunan: 1.234');
});

test('a product says what it follows already, and what hardly fits is no suggestion', async ({ host, page }) => {
    const report = await host.json('reporting/dashboard.data', { range: 'last_90' });
    const id = String(report.top_products[0].product_id);
    const product = await host.json('ai/product.data', { product_id: id });
    const guess = (category_id, category, confidence, suggested) => ({ category_id, category, confidence, suggested });
    product.category = { available: true, current: [{ category_id: 1, path: 'One' }], suggestions: [guess(1, 'One', 0.9996, true), guess(2, 'Two', 0.003, false)] };
    await page.route('**/*product.data*', (route) => route.fulfill({ json: product }));
    await host.visit('ai/product.info', { product_id: id });
    const rows = page.locator('#meschain-category .meschain-suggestion');
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText('where it is now');
    await expect(rows).toContainText('> 99%');
    await expect(rows).not.toContainText('suggested');
});

test('settings are written as the language writes numbers, and taken so', async ({ host, page }) => {
    await host.turkish();
    await host.visit('ai/training');
    const field = page.locator('#meschain-confidence_threshold');
    await expect(field).toHaveValue('0,8');
    const saved = page.waitForResponse((response) => response.url().includes('training.save'));
    const again = page.waitForResponse((response) => response.url().includes('training.data'));
    await page.locator('#meschain-settings button[type="submit"]').click();
    expect((await (await saved).json()).settings.confidence_threshold).toBe(0.8);
    await again;
    await expect(page.locator('#meschain-saved .alert-success')).toBeVisible();
});

test('where nearly all prices were changed at once there is nothing to compare them with, and the page says so', async ({ host, page }) => {
    const real = await host.json('ai/dashboard.data');
    const realised = { available: false, reason: 'nothing_to_compare', needed: 5, found: 0 };
    await page.route('**/*dashboard.data*', (route) => route.fulfill({ json: { ...real, overview: { ...real.overview, realised } } }));
    await host.visit('ai/dashboard');
    await expect(page.locator('[data-figure="realised"]')).toContainText('Nothing to compare with: nearly all prices were changed in the same weeks.');
    expect(await host.bareKeys()).toEqual([]);
});
