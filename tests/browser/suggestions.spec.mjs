import { expect, opencart, test } from './host.mjs';

const rows = '#meschain-list [data-suggestion]';

test('what waits is counted by kind, and a kind filters the list', async ({ host, page }) => {
    await host.visit('ai/suggestions');
    const { counts } = await host.json('ai/suggestions.data');
    expect(Object.keys(counts)).toEqual(['category', 'price', 'reorder']);
    const number = new Intl.NumberFormat('en-GB');
    for (const [kind, count] of Object.entries(counts)) {
        await expect(page.locator(`#meschain-kinds [data-kind="${kind}"] .meschain-kpi-value`)).toHaveText(`${number.format(count.pending)} waiting`);
    }
    expect(counts.reorder.pending).toBeGreaterThan(0);
    await page.locator('#meschain-kinds [data-kind="reorder"] button').click();
    await expect(page).toHaveURL(/kind=reorder/);
    await expect(page.locator(`${rows}[data-kind="price"]`)).toHaveCount(0);
    await expect(page.locator(rows).first()).toContainText(/are expected to sell/);
    await expect(page.locator('#meschain-csv')).toBeVisible();
});

test('a price shows what is there, what would be there, and why', async ({ host, page }) => {
    await host.visit('ai/suggestions', { kind: 'price' });
    const { items } = await host.json('ai/suggestions.data', { kind: 'price' });
    test.skip(!items.length, 'the models propose no price');
    const first = page.locator(rows).first();
    await expect(first).toContainText(items[0].name);
    await expect(first.locator('.meschain-change')).toBeVisible();
    await expect(first).toContainText('profit a week');
});

test('a suggestion is refused after a question, and the log says who did it', async ({ host, page }) => {
    await host.visit('ai/suggestions', { kind: 'reorder' });
    const before = (await host.json('ai/suggestions.data', { kind: 'reorder' })).total;
    await page.locator(`${rows} input[data-choose]`).first().check();
    await page.click('#meschain-reject');
    await expect(page.locator('[role="alertdialog"]')).toContainText('Reject 1 suggestions?');
    await page.getByRole('button', { name: 'Not now' }).click();
    await expect(page.locator('[role="alertdialog"]')).toHaveCount(0);
    await page.click('#meschain-reject');
    await page.locator('[role="alertdialog"] .btn-primary').click();
    await expect(page.locator('#meschain-confirm')).toContainText('1 rejected');
    expect((await host.json('ai/suggestions.data', { kind: 'reorder' })).total).toBe(before - 1);
    await expect(page.locator('#meschain-history tbody tr').first()).toContainText('rejected');
});

test('an order of stock is approved with another quantity and taken back', async ({ host, page }) => {
    await host.visit('ai/suggestions', { kind: 'reorder' });
    const row = page.locator(rows).first();
    const number = await row.getAttribute('data-suggestion');
    await row.locator('.meschain-inbox-value').fill('17');
    await row.locator('input[data-choose]').check();
    await page.click('#meschain-approve');
    await expect(page.locator('[role="alertdialog"]')).toContainText('1 orders of stock');
    await page.locator('[role="alertdialog"] .btn-primary').click();
    await expect(page.locator('#meschain-confirm')).toContainText('1 applied, 0 not.');
    await page.selectOption('#meschain-status', 'applied');
    const applied = page.locator(`[data-suggestion="${number}"]`);
    await expect(applied).toContainText('order 17');
    await applied.getByRole('button', { name: 'Take back' }).click();
    await expect(applied).toHaveCount(0);
    expect((await host.json('ai/suggestions.data', { status: 'undone' })).items.map((one) => String(one.suggestion_id))).toContain(number);
});

test('writing takes a POST', async ({ host, page }) => {
    await host.visit('ai/suggestions');
    for (const method of ['apply', 'undo', 'reject', 'generate']) {
        expect((await page.request.get(host.address(`ai/suggestions.${method}`))).status()).toBe(405);
    }
    const answer = await page.request.post(host.address('ai/suggestions.apply'), { form: { id: '1 OR 1=1' } });
    expect(answer.status()).toBe(404);
});

test('the console says that it has no catalogue to write to', async ({ host, page }) => {
    test.skip(opencart, 'OpenCart has one');
    await host.visit('ai/suggestions', { kind: 'price' });
    await expect(page.locator('.alert-info').first()).toContainText('no catalogue to write to');
});
