// A picture of a page in Chromium: picture.mjs PAGE.html PICTURE.png WIDTH HEIGHT light|dark [blocked]
//
// HEIGHT 0 takes all of the page. Nothing is fetched: in the place of images stand grey ones, or,
// with `blocked`, none, as in a mail program that waits to be asked. The pictures in docs/images/ are
// made with it; docs/architecture.md tells how.
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [page_file, picture, width, height, colorScheme, blocked] = process.argv.slice(2);
const GREY = '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800">' +
  '<rect width="1200" height="800" fill="#8a9a9a"/></svg>';

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--hide-scrollbars'],
});
const page = await browser.newPage({
  colorScheme, viewport: { width: Number(width), height: Number(height) || 800 },
});
await page.route(/^https?:/, route => blocked === 'blocked' ?
  route.abort() : route.fulfill({ contentType: 'image/svg+xml', body: GREY }));
await page.goto(pathToFileURL(page_file).href);
await page.screenshot({ path: picture, fullPage: height === '0' });
const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
if (overflow > 0)
  console.log(`${page_file}: ${overflow} pixels too wide at ${width}`);
await browser.close();
