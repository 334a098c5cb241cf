// Opens documents in Chromium, each in a frame, and lets whatever is in them happen: browser.mjs
// DOCUMENTS.json CHROMIUM (see test_xss.py). Every handler is sent the event it is for. Nothing may
// call what opens a dialog, set window.__pwned, or fail; nothing may be fetched but what a
// document's own addresses name; a script's record(place, value) must be given the string as it is.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const AT_ONCE = 40;

let problems = 0;

function fail(document, why) {
  if (problems++ < 50)
    console.log(`${document?.id}\n    ${why}`);
}

// In every frame, before anything of it runs.
function watch() {
  const { top, name } = window;
  if (window === top)
    window.__reports = [];
  const report = (...what) => top.__reports.push([name, ...what]);
  for (const call of ['alert', 'prompt', 'confirm', 'print', 'open', 'msgbox'])
    window[call] = () => report('ran', call);
  Object.defineProperty(window, '__pwned', { set: () => report('ran', '__pwned') });
  window.record = (place, value) => report('record', place, value);
  window.addEventListener('error', event => event.message && report('error', event.message));
  window.addEventListener('unhandledrejection', event => report('error', String(event.reason)));
}

// In the page: shows the documents, and waits until all of them are there.
function show(documents) {
  window.__reports.length = 0;
  document.body.replaceChildren();
  const frames = documents.map(({ html, number }) => {
    const frame = document.createElement('iframe');
    frame.name = `frame-${number}`;
    frame.srcdoc = html;
    return frame;
  });
  const loaded = frames.map(frame => new Promise(resolve => { frame.onload = resolve; }));
  document.body.append(...frames);
  return Promise.race([Promise.all(loaded), new Promise(resolve => setTimeout(resolve, 15000))]);
}

// In the page: what a reader might do, and what must hold of each document.
async function use() {
  const SCHEMES = ['javascript:', 'vbscript:', 'data:', 'file:', 'blob:', 'filesystem:'];
  const report = (frame, ...what) => window.__reports.push([frame.name, ...what]);

  function checkAddresses(frame, element) {
    for (const key of ['href', 'src', 'action', 'formAction', 'data', 'poster', 'cite']) {
      const value = element[key]?.baseVal ?? element[key];
      const url = typeof value === 'string' && URL.canParse(value, document.baseURI) ?
        new URL(value, document.baseURI) : null;
      if (url && SCHEMES.includes(url.protocol))
        report(frame, 'address', value);
    }
  }

  function checkStyles(frame, page) {
    for (const sheet of page.querySelectorAll('style.sheet')) {
      const rules = [...sheet.sheet.cssRules];
      if (rules.length > 2 || rules.at(-1)?.selectorText !== '.last')
        report(frame, 'style', sheet.textContent);
    }
    for (const styled of page.querySelectorAll('.styled')) {
      const names = [...styled.style];
      if (styled.style.order !== '7' ||
          names.some(name => !/^(--.*|color|quotes|order)$/.test(name)) || names.length > 2)
        report(frame, 'style', styled.getAttribute('style'));
    }
  }

  const frames = [...document.querySelectorAll('iframe')];
  for (const frame of frames) {
    const page = frame.contentDocument;
    if (!page?.querySelector('p')) {
      report(frame, 'error', 'the document is not there');
      continue;
    }
    checkStyles(frame, page);
    for (const data of page.querySelectorAll('script.json'))
      report(frame, 'record', data.title, JSON.parse(data.textContent));
    const prevent = event => event.preventDefault();
    for (const type of ['click', 'submit'])
      frame.contentWindow.addEventListener(type, prevent, true);
    for (const element of page.querySelectorAll('*')) {
      checkAddresses(frame, element);
      for (const { name } of element.attributes)
        if (name.startsWith('on'))
          element.dispatchEvent(new Event(name.slice(2), { cancelable: true }));
    }
  }
  await new Promise(resolve => setTimeout(resolve, 30));
  return window.__reports;
}

function checkRecords(document, records) {
  for (const place of document.records)
    if (!records.has(place))
      fail(document, `${place}: nothing was recorded`);
  for (const [place, value] of records)
    if (place !== 'before-script' && value !== document.value)
      fail(document, `${place}: ${JSON.stringify(value).slice(0, 200)} was recorded`);
}

function check(documents, reports) {
  const records = new Map(documents.map(document => [document.number, new Map()]));
  for (const [frame, what, ...rest] of reports) {
    const number = Number(frame.replace('frame-', ''));
    if (what === 'record')
      records.get(number).set(...rest);
    else
      fail(documents.find(document => document.number === number), `${what}: ${rest.join(' ')}`);
  }
  for (const document of documents)
    checkRecords(document, records.get(document.number));
}

const documents = JSON.parse(readFileSync(process.argv[2], 'utf8'));
documents.forEach((document, number) => { document.number = number; });

const browser = await chromium.launch({
  executablePath: process.argv[3],
  args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync',
    '--disable-background-networking', '--disable-component-update',
    '--host-resolver-rules=MAP * ~NOTFOUND'],
});
const page = await browser.newPage();
await page.addInitScript(watch);
page.on('dialog', dialog => { fail(null, `a dialog: ${dialog.message()}`); dialog.dismiss(); });
page.on('request', request => {
  let frame = request.frame();
  while (frame.parentFrame() && frame.parentFrame() !== page.mainFrame())
    frame = frame.parentFrame();
  const document = documents[Number(frame.name().replace('frame-', ''))];
  if (!document?.loads)
    fail(document, `fetched: ${request.url()}`);
});
await page.goto('about:blank');
for (let at = 0; at < documents.length; at += AT_ONCE) {
  const shown = documents.slice(at, at + AT_ONCE);
  await page.evaluate(show, shown.map(({ html, number }) => ({ html, number })));
  check(shown, await page.evaluate(use));
}
await browser.close();
console.log(`${documents.length} documents opened, ${problems} problems`);
process.exit(problems === 0 ? 0 : 1);
