// Reads messages by the parsers that web and Node programs use, for tests in Python.
//
// Standard input holds messages, each behind a line with its length. For each, a line of JSON goes
// out: what postal-mime and what mailparser found in it, and the addresses that parse5 finds in the
// HTML of each. Exit status 77: they are not installed.
'use strict';

let PostalMime, simpleParser, parse5;

const base64 = (bytes) => Buffer.from(bytes).toString('base64');

// Where links lead and images are, in their order.
function addressesOf(node, found = []) {
  for (const { name, value } of node.attrs ?? [])
    if (name === 'href' || name === 'src') found.push(value);
  for (const child of node.childNodes ?? []) addressesOf(child, found);
  return found;
}

async function byPostalMime(bytes) {
  const mail = await PostalMime.parse(bytes);
  return {
    subject: mail.subject ?? '',
    from: [mail.from].map((a) => [a.name, a.address]),
    to: (mail.to ?? []).map((a) => [a.name, a.address]),
    date: mail.date,
    id: mail.messageId,
    text: mail.text ?? null,
    html: mail.html ?? null,
    files: mail.attachments.map((file) =>
      [file.filename ?? '', file.mimeType, file.disposition, file.contentId ?? '',
        base64(file.content)]),
  };
}

async function byMailparser(bytes) {
  const mail = await simpleParser(bytes, {
    skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, skipImageLinks: true,
  });
  const list = mail.headers.get('list') ?? {};
  return {
    subject: mail.subject ?? '',
    from: mail.from.value.map((a) => [a.name, a.address]),
    to: (mail.to?.value ?? []).map((a) => [a.name, a.address]),
    date: mail.date.toISOString(),
    id: mail.messageId,
    text: mail.text ?? null,
    html: mail.html || null,
    files: mail.attachments.map((file) =>
      [file.filename ?? '', file.contentType, file.contentDisposition, file.contentId ?? '',
        base64(file.content)]),
    unsubscribe: list.unsubscribe ?? null,
  };
}

async function load() {
  try {
    PostalMime = require('postal-mime').default;
    ({ simpleParser } = require('mailparser'));
    parse5 = await import('parse5');
  } catch (error) {
    console.log(error.message.split('\n')[0]);
    process.exit(77);
  }
}

async function main() {
  await load();
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const input = Buffer.concat(chunks);
  for (let at = 0; at < input.length;) {
    const newline = input.indexOf('\n', at);
    const begin = newline + 1;
    const end = begin + Number(input.subarray(at, newline).toString());
    const message = input.subarray(begin, end);
    const found = {
      'postal-mime': await byPostalMime(message),
      mailparser: await byMailparser(message),
    };
    for (const mail of Object.values(found))
      mail.addresses = addressesOf(parse5.parse(mail.html ?? ''));
    console.log(JSON.stringify(found));
    at = end;
  }
}

main();
