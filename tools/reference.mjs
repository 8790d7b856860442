// Reads what `polydrive openapi pds` prints and writes docs/pds.md: what is served of each vendor operation, one
// table an object, and the test that shows it.
import { readFileSync } from 'node:fs';

const document = JSON.parse(readFileSync(0, 'utf8'));
const groups = new Map();
for (const [path, methods] of Object.entries(document.paths))
  for (const [method, op] of Object.entries(methods)) {
    const group = path.startsWith('/v2/') ? path.split('/')[2] : 'aliases';
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push({ ...op, method: method.toUpperCase(), path });
  }

const cell = text => String(text ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ');
const state = op => op['x-polydrive-unsupported'] !== undefined ? 'answered as not supported'
  : op['x-polydrive-partial'] ? `partial: ${op['x-polydrive-partial']}` : 'complete';
const all = [...groups.values()].flat();
const count = word => all.filter(op => state(op).startsWith(word)).length;

console.log(`# ${document.info.title}, ${document.info.version}

What polydrive serves of it, from the rows that run (\`make reference\` writes this page anew; \`polydrive openapi pds\`
has every field). ${count('complete')} operations are complete, ${count('partial')} are partial, ${count('answered')} are known and answered as not supported
(\`OperationNotSupport\`, with \`x-polydrive-unsupported\`). Tests are in test/api.
`);
for (const [group, ops] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`## ${group}\n\n| operation | call | state | test |\n|---|---|---|---|`);
  for (const op of ops)
    console.log(`| ${op.operationId} | \`${op.method} ${op.path}\` | ${cell(state(op))} | ${cell(op['x-polydrive-proof'])} |`);
  console.log('');
}
