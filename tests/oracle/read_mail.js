// Reads messages by the parsers that web and Node programs use, for test_mail_readers.py.
//
// Standard input holds messages, each behind a line with its length. For each, a line of JSON goes
// out: what postal-mime and what mailparser found in it. Exit status 77: they are not installed.
'use strict';

let PostalMime, simpleParser;
try {
  PostalMime = require('postal-mime').default;
  ({ simpleParser } = require('mailparser'));
} catch (error) {
  console.log(error.message.split('\n')[0]);
  process.exit(77);
}

const base64 = (bytes) => Buffer.from(bytes).toString('base64');

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

async function main() {
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
    console.log(JSON.stringify(found));
    at = end;
  }
}

main();
