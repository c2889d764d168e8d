import { expect, Host, opencart, password, PAGES, test, viewerPassword } from './host.mjs';

test('a wrong password is refused', async ({ page }) => {
    const host = new Host(page);
    await host.tryLogin('admin', password + 'x');
    await expect(page.locator('#input-password')).toBeVisible();
    expect(page.url()).not.toContain('user_token=');
});

test('a password opens the administration, signing out closes it', async ({ host, page }) => {
    await host.visit('reporting/dashboard');
    await page.locator('a[href*="common/logout"]').first().click();
    await page.goto(host.address('reporting/dashboard'));
    await expect(page.locator('#input-password')).toBeVisible();
});

test('a wrong token shows the login page, and a script says so in words', async ({ host, page }) => {
    await host.visit('reporting/dashboard');
    await page.route('**/*dashboard.data*', async (route) => {
        const url = new URL(route.request().url());
        url.searchParams.set('user_token', 'wrong');
        await route.continue({ url: url.toString() });
    });
    await page.selectOption('#meschain-range', 'last_7');
    await expect(page.locator('#meschain-state .alert-danger')).toContainText('signed out');
});

test('who may only see the sales report is shown nothing else', async ({ page }) => {
    test.skip(opencart || viewerPassword === '', 'the console\'s viewer has no password here');
    const host = new Host(page);
    await host.login('viewer', viewerPassword);
    await host.visit('reporting/dashboard');
    await expect(page.locator('[data-kpi="revenue"]')).toBeVisible();
    await expect(page.locator('#meschain-refresh')).toHaveCount(0);
    for (const route of PAGES.filter((one) => one !== 'reporting/dashboard')) {
        const response = await page.goto(host.address(route));
        expect(response.status(), route).toBe(403);
        await expect(page.locator('#content')).not.toContainText('undefined');
        await expect(page.locator(`a[href*="extension/meschain/${route}&"]`)).toHaveCount(0);
    }
    const refused = await page.request.post(host.address('reporting/dashboard.refresh'));
    expect(refused.status()).toBe(403);
    expect((await refused.json()).code).toBe('permission');
});

test('changes need POST', async ({ host, page }) => {
    const answer = await page.request.get(host.address('reporting/dashboard.refresh'));
    expect((await answer.json()).code).toBe('method');
});

test('guessing is slowed down', async ({ browser, baseURL }) => {
    test.skip(opencart, 'OpenCart has its own way');
    const context = await browser.newContext({ baseURL });
    const host = new Host(await context.newPage());
    for (let attempt = 0; attempt < 9; attempt++) {
        await host.tryLogin('nobody', `wrong-${attempt}`);
    }
    await expect(host.page.locator('#login-error')).toContainText('Too many');
    await host.login();
    expect(host.token).toBeTruthy();
    await context.close();
});
