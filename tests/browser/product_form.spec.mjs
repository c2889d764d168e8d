import { expect, opencart, test } from './host.mjs';

test.describe('the tab on OpenCart\'s product form', () => {
    test.skip(!opencart, 'the console has no product form');

    for (const width of [1280, 360]) {
        test(`shows what the models say, once it is opened, at ${width} px`, async ({ host, page }) => {
            await page.setViewportSize({ width, height: 900 });
            await host.visit('ai/product');
            const href = await page.locator('#content tbody a').first().getAttribute('href');
            const id = new URL(href, page.url()).searchParams.get('product_id');
            const asked = [];
            page.on('request', (request) => asked.push(request.url()));
            const form = new URL(page.url());
            form.searchParams.set('route', 'catalog/product.form');
            form.searchParams.set('product_id', id);
            await page.goto(form.href);
            await expect(page.locator('#meschain-tab')).toBeVisible();
            expect(asked.filter((url) => url.includes('meschain/ai/product'))).toEqual([]);

            await page.click('#meschain-tab');
            const inside = page.frameLocator('#meschain-product');
            await expect(inside.locator('#meschain-price')).not.toHaveAttribute('aria-busy', 'true');
            await expect(inside.locator('#meschain-forecast canvas')).toBeVisible();
            await expect(inside.locator('#column-left')).toBeHidden();
            const overflow = await inside.locator('html').evaluate((root) => root.scrollWidth - root.clientWidth);
            expect(overflow).toBeLessThanOrEqual(0);
            if (process.env.MESCHAIN_SHOTS) {
                await page.screenshot({ path: `${process.env.MESCHAIN_SHOTS}/product-form-${width}.png`, fullPage: true });
            }
        });
    }

    test('a new product has none', async ({ host, page }) => {
        await host.visit('ai/product');
        const form = new URL(page.url());
        form.searchParams.set('route', 'catalog/product.form');
        await page.goto(form.href);
        await expect(page.locator('#tab-general')).toBeVisible();
        await expect(page.locator('#meschain-tab')).toHaveCount(0);
    });
});
