// Parses documents as a browser would and compares their structure: structure.mjs DOCUMENTS.json
// (see test_xss.py). Addresses in attributes may have no scheme that runs or reads anything.
import { readFileSync } from 'node:fs';
import { parse } from 'parse5';

const ADDRESSES = new Set([
  'action', 'background', 'cite', 'data', 'formaction', 'href', 'poster', 'src', 'srcset',
  'xlink:href',
]);
const BASE = 'https://base.example/';
// Of the addresses that a value is only part of; an address of mail has none.
const HOSTS = new Set(['base.example', '']);
const FORBIDDEN = new Set(['javascript:', 'vbscript:', 'data:', 'file:', 'blob:', 'filesystem:']);
// What the writer of an issue may have by Markdown and by the HTML that is let through.
const PLAIN = new Set([
  'a', 'abbr', 'article', 'blockquote', 'body', 'br', 'code', 'div', 'em', 'figcaption', 'figure',
  'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'head', 'header', 'hr', 'html', 'img', 'kbd', 'li',
  'link', 'main', 'mark', 'meta', 'ol', 'p', 'pre', 's', 'script', 'section', 'small', 'span',
  'strong', 'style', 'sub', 'sup', 'table', 'tbody', 'td', 'th', 'thead', 'time', 'title', 'tr',
  'ul', 'b', 'i', 'u', 'del', 'ins', 'q', 'cite', 'dfn', 'var', 'samp', 'bdo', 'bdi', 'nav',
]);

let problems = 0;

function fail(document, why) {
  if (problems++ < 50)
    console.log(`${document.id}\n    ${why}`);
}

function* nodesOf(node) {
  yield node;
  if (node.content)
    yield* nodesOf(node.content);
  for (const child of node.childNodes ?? [])
    yield* nodesOf(child);
}

const nameOf = attribute =>
  attribute.prefix ? `${attribute.prefix}:${attribute.name}` : attribute.name;

// Names of elements and attributes, one in another, and perhaps where there is text.
function structureOf(node, withText) {
  const inner = [node.content, ...(node.childNodes ?? [])].filter(Boolean)
    .map(child => structureOf(child, withText)).join('');
  if (node.nodeName === '#text')
    return withText && node.value.trim() !== '' ? '#text' : '';
  const attributes = (node.attrs ?? []).map(nameOf).sort().join(' ');
  return `<${node.nodeName} ${attributes}>${inner}</>`;
}

function checkAddresses(document, node) {
  for (const attribute of node.attrs ?? []) {
    if (!ADDRESSES.has(nameOf(attribute)))
      continue;
    const url = URL.canParse(attribute.value, BASE) ? new URL(attribute.value, BASE) : null;
    if (url && (FORBIDDEN.has(url.protocol) || (document.stays && !HOSTS.has(url.host))))
      fail(document, `<${node.nodeName} ${nameOf(attribute)}="${attribute.value}">`);
  }
}

// Where the writer may have markup: none but the plain, and no script but what describes the page.
function checkPlain(document, node) {
  if (node.tagName === undefined)
    return;
  if (!PLAIN.has(node.tagName) || node.namespaceURI !== 'http://www.w3.org/1999/xhtml')
    fail(document, `<${node.tagName}>`);
  if (node.tagName === 'script' && node.attrs[0]?.value !== 'application/ld+json')
    fail(document, '<script>');
  for (const attribute of node.attrs)
    if (/^on|^style$|^srcdoc$|^http-equiv$|^formaction$/.test(attribute.name))
      fail(document, `${attribute.name}=`);
}

// A line end at the beginning of some elements would not count, so there a mark stands before it.
function checkHeld(document, nodes) {
  const node = nodes.find(one => one.attrs?.some(a => a.name === 'id' && a.value === 'v'));
  const attribute = name => node?.attrs.find(a => a.name === name)?.value;
  let held = attribute('data-title') ?? attribute('title');
  if (held === undefined)
    held = (node?.childNodes ?? []).map(child => child.value).join('');
  if (node?.tagName === 'textarea' || node?.tagName === 'pre')
    held = held.slice(1);
  if (held.replace(/\r\n?/g, '\n') !== document.holds)
    fail(document, `holds ${JSON.stringify(held.slice(0, 80))}`);
}

const documents = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const models = new Map();
for (const document of documents) {
  const tree = parse(document.html);
  const nodes = [...nodesOf(tree)];
  for (const node of nodes)
    checkAddresses(document, node);
  if (document.holds !== null)
    checkHeld(document, nodes);
  if (document.like === null)
    nodes.forEach(node => checkPlain(document, node));
  document.structure = structureOf(tree, document.text);
  if (document.model)
    models.set(document.like, (models.get(document.like) ?? new Set()).add(document.structure));
}
const compared = documents.filter(document => document.like !== null);
for (const document of compared)
  if (!models.get(document.like)?.has(document.structure))
    fail(document, document.structure);
console.log(`${documents.length} parsed, ${compared.length} compared, ${problems} problems`);
process.exit(problems === 0 ? 0 : 1);
