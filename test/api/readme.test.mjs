// Runs the README's first session as it stands, against a demo, so that it cannot rot.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { program, removeFolder, root, runProgram, startServer, temporaryFolder } from './harness.mjs';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(block => block[1]);

// Each command of a block ends its answer with a newline of ours, so that answers can be told apart.
const commands = block => block.replaceAll(/\\\n\s*/g, ' ').split('\n').filter(Boolean);

describe('the README', () => {
  let s, folder;
  before(async () => {
    folder = temporaryFolder('readme');
    mkdirSync(join(folder, 'build'));
    symlinkSync(program, join(folder, 'build/polydrive'));
    s = await startServer({ command: 'demo', env: { TMPDIR: folder } });
  });
  after(async () => {
    await s?.stop({ keepData: true });
    removeFolder(folder);
  });

  const paste = block => new Promise((resolve, reject) => {
    const script = commands(block).map(line => (line.startsWith('curl') ? `${line}\necho` : line)).join('\n');
    const shell = spawn('sh', ['-euc', script], { cwd: folder, env: { ...process.env, TMPDIR: folder } });
    let stdout = '', stderr = '';
    shell.stdout.on('data', text => { stdout += text; });
    shell.stderr.on('data', text => { stderr += text; });
    shell.on('error', reject);
    shell.on('close', code => resolve({ code, stdout, stderr, answers: stdout.trim().split('\n').filter(Boolean) }));
  });

  test('has a session for each of the three vendors', () => {
    assert.equal(blocks.length, 3);
  });

  test('creates and lists drives by PDS', async () => {
    const { code, stderr, answers } = await paste(blocks[0]);
    assert.equal(code, 0, stderr);
    const [made, list] = answers.map(answer => JSON.parse(answer));
    assert.equal(made.drive_name, 'Photos');
    assert.equal(made.total_size, 1073741824);
    assert.ok(list.items.some(drive => drive.drive_id === made.drive_id));
    assert.equal(list.next_marker, '');
  });

  test('lists spaces by DingTalk', async () => {
    const { code, stderr, answers } = await paste(blocks[1]);
    assert.equal(code, 0, stderr);
    const [token, list] = answers.map(answer => JSON.parse(answer));
    assert.match(token.accessToken, /^[0-9a-f]{48}$/);
    assert.ok(list.spaces.some(space => space.spaceName === 'Design'), JSON.stringify(list));
  });

  test('lists shared folders and files by KooDrive', async () => {
    const { code, stderr, answers } = await paste(blocks[2]);
    assert.equal(code, 0, stderr);
    const [shared, files] = answers.map(answer => JSON.parse(answer));
    assert.equal(shared.code, 0);
    assert.deepEqual(shared.folders.map(folder => folder.name), ['Holiday']);
    assert.equal(files.code, 0);
    assert.ok(files.files.some(file => file.fileName === 'Welcome.md'));
  });

  test('names only commands and flags that exist', async () => {
    const { stdout: help } = await runProgram(['help']);
    for (const [, words] of readme.matchAll(/build\/polydrive ((?:[a-z]+ ?){1,2})/g)) {
      const [noun, verb] = words.trim().split(' ');
      if (noun === 'help') continue;
      const known = help.includes(`polydrive ${noun} ${verb} `) || new RegExp(`^ +polydrive ${noun}(?: \\[?[A-Z]|  )`, 'm').test(help);
      assert.ok(known, `polydrive ${words}`);
    }
  });

  test('points only at files that are there', () => {
    for (const [, target] of readme.matchAll(/\]\(([^)#:]+)\)/g)) assert.ok(existsSync(join(root, target)), target);
  });

  test('calls no operation served that is not', async () => {
    const documents = JSON.parse((await runProgram(['openapi'])).stdout);
    for (const [, title, names] of readme.matchAll(/^\| (DingTalk|KooDrive) \| ([^|]+) \|$/gm)) { // PDS has a page of its own
      const served = Object.values(documents[title.toLowerCase()].paths).flatMap(methods => Object.values(methods))
        .filter(operation => operation.operationId && !JSON.stringify(operation).includes('x-polydrive-unsupported'))
        .map(operation => operation.operationId);
      for (const name of names.split(/[,;] /)) assert.ok(served.includes(name), `${title} ${name}`);
    }
  });

  test('leaves no setting undescribed in docs/operations.md', async () => {
    const page = readFileSync(join(root, 'docs/operations.md'), 'utf8');
    const { stdout: help } = await runProgram(['help', 'serve']);
    const names = [...help.matchAll(/^ +--([a-z-]+)/gm)].map(([, flag]) => flag.replaceAll('-', '_'));
    assert.ok(names.length > 15);
    for (const name of names) assert.ok(page.includes(`\`${name}\``), name);
  });
});
