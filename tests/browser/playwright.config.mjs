// The specs run against a server that somebody else started (scripts/test.sh does). What they need to know comes by environment:
//   MESCHAIN_BASE_URL   where it answers: the console, or an OpenCart's shop front
//   MESCHAIN_PASSWORD   admin's password
//   MESCHAIN_VIEWER_PASSWORD  the console's `viewer`; without it the spec about permissions is skipped
//   MESCHAIN_HOST       'console' (default) or 'opencart'; then MESCHAIN_ADMIN_USER and MESCHAIN_ADMIN_PATH
//   CHROMIUM            the browser's path; else the first one on PATH
import { execFileSync } from 'node:child_process';
import { defineConfig } from '@playwright/test';

function chromium() {
    if (process.env.CHROMIUM) {
        return process.env.CHROMIUM;
    }
    for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
        try {
            return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
        } catch {
            // The next name is tried.
        }
    }
    throw new Error('No Chromium was found: install it, or set CHROMIUM to its path.');
}

export default defineConfig({
    testDir: '.',
    testMatch: '*.spec.mjs',
    outputDir: process.env.MESCHAIN_TEST_OUTPUT || '../../.cache/playwright',
    fullyParallel: false,
    workers: 1,
    retries: 0,
    timeout: 30_000,
    expect: { timeout: 8_000 },
    reporter: [['list'], ['./counts.mjs']],
    use: {
        baseURL: process.env.MESCHAIN_BASE_URL || 'http://127.0.0.1:8080/',
        viewport: { width: 1280, height: 900 },
        locale: 'en-GB',
        timezoneId: 'Europe/Istanbul',
        reducedMotion: 'reduce',
        launchOptions: { executablePath: chromium(), args: ['--no-sandbox', '--disable-dev-shm-usage'] },
        screenshot: 'only-on-failure',
    },
});
