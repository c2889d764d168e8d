// The language files themselves: the same keys and the same places to fill in both languages, and every key that is used exists.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';

const extension = fileURLToPath(new URL('../../opencart-extension/admin/', import.meta.url));
const language = join(extension, 'language');

async function files(folder, ending) {
    const found = await readdir(folder, { recursive: true });
    return found.filter((name) => name.endsWith(ending)).sort();
}

async function sentences(file) {
    const source = await readFile(file, 'utf8');
    return new Map([...source.matchAll(/^\$_\['(\w+)'\] = '((?:[^'\\]|\\.)*)';$/gm)].map(([, key, text]) => [key, text]));
}

const places = (text) => (text.match(/\{\w+\}/g) || []).sort();

test('both languages have the same files, keys and places', async () => {
    const english = await files(join(language, 'en-gb'), '.php');
    expect(await files(join(language, 'tr-tr'), '.php')).toEqual(english);
    expect(english.length).toBeGreaterThan(5);
    for (const file of english) {
        const [one, other] = await Promise.all(['en-gb', 'tr-tr'].map((code) => sentences(join(language, code, file))));
        expect([...other.keys()], file).toEqual([...one.keys()]);
        expect(one.size, file).toBeGreaterThan(0);
        for (const [key, text] of one) {
            expect(places(other.get(key)), `${file} ${key}`).toEqual(places(text));
            expect(other.get(key), `${file} ${key}`).not.toBe('');
        }
    }
});

test('every sentence that a script or template asks for exists', async () => {
    const known = new Set();
    for (const file of await files(join(language, 'en-gb'), '.php')) {
        for (const key of (await sentences(join(language, 'en-gb', file))).keys()) {
            known.add(key);
        }
    }
    const missing = [];
    for (const file of await files(join(extension, 'view/javascript'), '.js')) {
        const source = await readFile(join(extension, 'view/javascript', file), 'utf8');
        for (const [, key] of source.matchAll(/\btext\('(\w+)'[,)]/g)) {
            if (!known.has(`js_${key}`)) {
                missing.push(`${file}: ${key}`);
            }
        }
    }
    for (const file of await files(join(extension, 'view/template'), '.twig')) {
        const source = await readFile(join(extension, 'view/template', file), 'utf8');
        for (const [, key] of source.matchAll(/\{\{ ((?:text|entry|button|column|help|heading|js)_\w+)/g)) {
            if (key !== 'column_left' && !known.has(key)) {
                missing.push(`${file}: ${key}`);
            }
        }
    }
    expect(missing).toEqual([]);
});

test('no template holds a sentence of its own, and every value is escaped', async () => {
    const raw = new Set(['header', 'column_left', 'footer', 'heading', 'page_json']);
    const faults = [];
    for (const file of await files(join(extension, 'view/template'), '.twig')) {
        const path = join(extension, 'view/template', file);
        const source = await readFile(path, 'utf8');
        for (const [, expression] of source.matchAll(/\{\{ (.*?) \}\}/g)) {
            if (!raw.has(expression) && !expression.endsWith('|escape') && !/^[\w.]+(?: == '\w+')? \? [ ?:()'\w.=-]+$/.test(expression)) {
                faults.push(`${relative(extension, path)}: {{ ${expression} }} is not escaped`);
            }
        }
        const words = source.replace(/\{[{%#].*?[}%#]\}/gs, ' ').replace(/<code>.*?<\/code>/gs, ' ').replace(/<[^>]*>/gs, ' ').match(/[A-Za-zÇĞİÖŞÜçğıöşü]{3,}/g) || [];
        for (const word of words.filter((one) => !['PHP', 'php', 'ini'].includes(one))) {
            faults.push(`${relative(extension, path)}: the word "${word}" is not in a language file`);
        }
        if (/\son\w+=|style=|javascript:/i.test(source)) {
            faults.push(`${relative(extension, path)}: an inline handler or style`);
        }
    }
    expect(faults).toEqual([]);
});
