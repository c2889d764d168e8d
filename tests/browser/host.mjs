// What differs between the hosts: where the administration is, how one signs in, how the language is chosen.
import { test as base, expect } from '@playwright/test';

export const opencart = process.env.MESCHAIN_HOST === 'opencart';
export const password = process.env.MESCHAIN_PASSWORD || '';
export const viewerPassword = process.env.MESCHAIN_VIEWER_PASSWORD || '';
const admin = process.env.MESCHAIN_ADMIN_USER || 'admin';
const folder = opencart ? process.env.MESCHAIN_ADMIN_PATH || 'admin/' : '';

export const PAGES = [
    'reporting/dashboard', 'ai/dashboard', 'ai/suggestions', 'ai/models', 'ai/training', 'ai/analytics', 'ai/product', 'performance/monitor', 'module/meschain',
];

/** One signed-in administration: pages by route, answers of a page's scripts, and everything the browser complained about. */
export class Host {
    constructor(page) {
        this.page = page;
        this.complaints = [];
        page.on('console', (message) => {
            if (message.type() === 'error' && !this.foreign(message)) {
                this.complaints.push(`${message.text()} ${message.location().url}`);
            }
        });
        page.on('pageerror', (error) => this.complaints.push(error.message));
    }

    /** What OpenCart itself fails to load: a font from elsewhere, the flag of a language without a language pack. */
    foreign(message) {
        return opencart && message.text().includes('Failed to load resource') && !message.location().url.includes('meschain');
    }

    async open(path) {
        return this.page.goto(folder + path);
    }

    async tryLogin(user, secret) {
        await this.open('index.php?route=common/login');
        await this.page.fill('#input-username', user);
        await this.page.fill('#input-password', secret);
        await this.page.click('#form-login button[type="submit"]');
    }

    async login(user = admin, secret = password) {
        await this.tryLogin(user, secret);
        await this.page.waitForURL(/user_token=/);
        this.token = new URL(this.page.url()).searchParams.get('user_token');
    }

    address(route, query = {}) {
        return `${folder}index.php?${new URLSearchParams({ route: `extension/meschain/${route}`, user_token: this.token, ...query })}`;
    }

    async visit(route, query) {
        const response = await this.page.goto(this.address(route, query));
        await expect(this.page.locator('[aria-busy="true"]')).toHaveCount(0);
        return response;
    }

    async json(route, query) {
        const response = await this.page.request.get(this.address(route, query));
        expect(response.headers()['content-type']).toContain('json');
        return response.json();
    }

    /** Turkish without changing the user's settings: OpenCart keeps it in a cookie, the console in the session. */
    async turkish() {
        if (opencart) {
            await this.knowTurkish();
            await this.page.context().addCookies([{ name: 'language', value: 'tr-tr', url: this.page.url() }]);
            return;
        }
        await this.page.selectOption('#console-language', 'tr-tr');
        await expect(this.page.locator('html')).toHaveAttribute('lang', 'tr');
    }

    /** OpenCart remembers its languages for an hour, also when a sample shop has added one meanwhile: saving one makes it look again. */
    async knowTurkish() {
        const core = (route) => `${folder}index.php?${new URLSearchParams({ route, user_token: this.token })}`;
        const list = await (await this.page.request.get(core('localisation/language.list'))).text();
        const known = /tr-tr[\s\S]*?language_id=(\d+)/.exec(list);
        const saved = await this.page.request.post(core('localisation/language.save'), { form: {
            language_id: known ? known[1] : '0', name: 'Türkçe', code: 'tr-tr', locale: 'tr-TR,tr_TR.UTF-8,turkish', extension: '', status: '1', sort_order: '2',
        } });
        expect(await saved.json()).toHaveProperty('success');
    }

    /** Two questions, and the answer to the `older` one, at `address`, comes when that to the `newer` one is drawn; unless the page ended it. */
    async overtake(address, older, newer) {
        let release;
        const held = new Promise((done) => { release = done; });
        await this.page.route(address, async (route) => {
            await held;
            await route.fallback().catch(() => null);
        }, { times: 1 });
        const asked = this.page.waitForRequest(address);
        await older();
        const late = await asked;
        await newer();
        release();
        await (await late.response())?.finished();
        await this.page.evaluate(() => new Promise((drawn) => { requestAnimationFrame(() => requestAnimationFrame(drawn)); }));
    }

    async overflow() {
        return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    }

    /** What stands in tables that are wider than their place. */
    async cutTables() {
        return this.page.locator('#content .table-responsive').evaluateAll((boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth && box.checkVisibility()).map((box) => box.innerText));
    }

    /** Keys of language files that were printed instead of their sentences. */
    async bareKeys() {
        const seen = await this.page.locator('#content').innerText();
        return seen.match(/\b(?:js|text|error|entry|column|button|heading|help|action|kpi|define|reason|measure)_[a-z_]+\b/g) || [];
    }
}

export const test = base.extend({
    host: async ({ page }, use) => {
        const host = new Host(page);
        await host.login();
        await use(host);
    },
});

export { expect };
