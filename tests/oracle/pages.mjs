// Looks at pages by programs that know what browsers and mail programs make of them: pages.mjs KIND
// PAGES.json [CHROMIUM], where KIND is validate, clients or browser (see test_pages.py). PAGES.json
// holds [{name, format, html}, …]; for each finding a line of JSON goes out.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const report = (page, rule, message) =>
  console.log(JSON.stringify({ page: page.name, format: page.format, rule, message }));

// ---- html-validate: structure, names, languages ----

async function validate(pages) {
  const { HtmlValidate } = await import('html-validate');
  const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });
  for (const page of pages) {
    const { results } = await validator.validateString(page.html);
    for (const { ruleId, message, line } of results.flatMap(result => result.messages))
      report(page, ruleId, `line ${line}: ${message}`);
  }
}

// ---- caniemail: what mail programs lack ----

const CLIENTS = ['gmail.*', 'outlook.*', 'apple-mail.*', 'yahoo.*'];
// Word reads what stands in these comments, and nobody else.
const FOR_WORD = /<!--\[if mso\]>.*?<!\[endif\]-->/gs;

async function clients(pages) {
  const { caniemail } = await import('caniemail');
  for (const page of pages) {
    const { issues } = caniemail({ clients: CLIENTS, html: page.html.replace(FOR_WORD, '') });
    const lacking = new Map();
    for (const [client, found] of issues.errors)
      for (const { title } of found)
        lacking.set(title, (lacking.get(title) ?? new Set()).add(client));
    for (const [title, names] of lacking)
      report(page, title, [...names].sort().join(' '));
  }
}

// ---- Chromium: contrast and names by axe-core, and whether the page fits ----

const VIEWS = [
  { name: 'light', width: 700, colorScheme: 'light' },
  { name: 'dark', width: 700, colorScheme: 'dark' },
  { name: 'telephone', width: 375, colorScheme: 'light' },
];
// A mail is shown within a page that has its own landmarks.
const NOT_FOR_MAIL = { region: { enabled: false }, 'landmark-one-main': { enabled: false } };

async function look(page, tab, axe) {
  for (const { name, width, colorScheme } of VIEWS) {
    await tab.setViewportSize({ width, height: 900 });
    await tab.emulateMedia({ colorScheme });
    const [wider, culprit] = await tab.evaluate(() => {
      const room = document.documentElement.clientWidth;
      const last = [...document.body.querySelectorAll('*')].findLast(element =>
        element.getBoundingClientRect().right > room + 1);
      return [document.documentElement.scrollWidth - room, last?.outerHTML.slice(0, 80)];
    });
    if (wider > 0)
      report(page, 'overflow', `${name}: ${wider} pixels; ${culprit}`);
    if (page.axe === false)
      continue;
    const rules = page.format === 'email' ? NOT_FOR_MAIL : {};
    const { violations } = await tab.evaluate(options => window.axe.run(document, options),
      { rules, resultTypes: ['violations'] });
    for (const { id, nodes } of violations)
      report(page, id, `${name}: ${nodes[0].html.slice(0, 120)}`);
  }
}

async function browser(pages, executablePath) {
  const { chromium } = await import('playwright-core');
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const program = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const tab = await program.newPage();
  await tab.route(/^https?:/, route => route.abort());
  for (const page of pages) {
    await tab.setContent(page.html);
    await tab.evaluate(axe);
    await look(page, tab);
  }
  await program.close();
}

const [kind, file, chromium] = process.argv.slice(2);
await { validate, clients, browser }[kind](JSON.parse(readFileSync(file, 'utf8')), chromium);
