// How many columns a terminal gives each line, by string-width: an array of lines comes in as JSON,
// an array of numbers goes out.
import { readFileSync } from 'node:fs';
import stringWidth from 'string-width';

const lines = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(lines.map((line) => stringWidth(line))));
