// A signed URL is good for exactly what it was made for (threats: forged signed URLs).
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { bytesOf, get, koodriveCreate, koodriveUpload, koodriveUrl, pds, pdsCreate, pdsUpload, pdsUrl, put, send,
         xmlCode } from './transfer.mjs';

let s, ann, bob;
const secret = Buffer.from('nobody else may read this');
let links; // name → { method, url, other }: `other` is a link of the same kind for another thing
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
  bob = await s.person('bob', { drive: true });
  const file = await pdsUpload(s, ann, 'secret.txt', [secret]);
  const own = await pdsUpload(s, bob, 'own.txt', [Buffer.from('bobs own')]);
  const upload = await pdsCreate(s, ann, 'in.bin', 2, { size: 10 });
  const bobs = await pdsCreate(s, bob, 'bobs.bin', 1, { size: 10 });
  const koo = await koodriveUpload(s, ann, 'koo.txt', secret);
  const kooIn = await koodriveCreate(s, ann, 'kooin.txt', 10);
  links = {
    'pds download': { method: 'GET', url: await pdsUrl(s, ann, file, { file_name: 'n.txt' }),
      other: await pdsUrl(s, bob, own, { file_name: 'n.txt' }) },
    'koodrive download': { method: 'GET', url: await koodriveUrl(s, ann, koo.fileId),
      other: await koodriveUrl(s, bob, (await koodriveUpload(s, bob, 'b.txt', Buffer.from('b'))).fileId) },
    'pds upload': { method: 'PUT', url: upload.part_info_list[0].upload_url, other: bobs.part_info_list[0].upload_url,
      sibling: upload.part_info_list[1].upload_url },
    'koodrive upload': { method: 'PUT', url: kooIn.multiParts[0].uploadUrl, other: bobs.part_info_list[0].upload_url },
  };
});
after(() => s?.stop());

const use = (method, url) => method === 'PUT' ? put(url, Buffer.from('0123456789')) : get(url);
const names = ['pds download', 'koodrive download', 'pds upload', 'koodrive upload'];
// The query as sent: pairs in order, not decoded.
const pairs = url => url.slice(url.indexOf('?') + 1).split('&').map(p => [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)]);
const withPairs = (url, list) => url.slice(0, url.indexOf('?')) + '?' + list.map(([k, v]) => `${k}=${v}`).join('&');

async function refused(method, url, what) {
  const answer = await use(method, url);
  assert.equal(answer.status, 403, `${what}: ${answer.status} ${answer.text}`);
  assert.ok(['SignatureDoesNotMatch', 'AccessDenied'].includes(xmlCode(answer)), what);
  assert.ok(!answer.bytes.includes(secret), what);
}

// As Array.with, which Debian 12's Node does not have.
const replaced = (list, i, item) => list.map((it, k) => (k === i ? item : it));

for (const name of names) {
  test(`${name}: every parameter is signed`, async () => {
    const { method, url } = links[name];
    const list = pairs(url);
    assert.ok(list.length >= 4);
    for (let i = 0; i < list.length; i++) {
      const [key, value] = list[i];
      const spoilt = [value + '0', value + 'x', '0' + value, value.slice(0, -1), value.slice(1), '', '0', '-1', '1', '2',
        '9223372036854775807', '9223372036854775808', '18446744073709551616', '9'.repeat(400), '%00', `${value}%00`,
        ` ${value}`.replace(' ', '%20'), 'none', 'null'];
      if (/^\d+$/.test(value)) spoilt.push(String(BigInt(value) + 1n), String(BigInt(value) - 1n), `+${value}`, `0x${value}`);
      for (const bad of new Set(spoilt)) {
        if (bad === value) continue;
        await refused(method, withPairs(url, replaced(list, i, [key, bad])), `${key}=${bad.slice(0, 60)}`);
      }
      await refused(method, withPairs(url, list.filter((_, k) => k !== i)), `without ${key}`);
      await refused(method, withPairs(url, [...list.slice(0, i), list[i], ...list.slice(i)]), `${key} twice`);
      await refused(method, withPairs(url, [...list, list[i]]), `${key} twice, at the end`);
      await refused(method, withPairs(url, replaced(list, i, [key.toUpperCase(), value])), `${key} in capitals`);
    }
  });

  test(`${name}: the order is fixed, and nothing may be added`, async () => {
    const { method, url } = links[name];
    const list = pairs(url);
    for (let i = 0; i + 1 < list.length; i++)
      await refused(method, withPairs(url, replaced(replaced(list, i, list[i + 1]), i + 1, list[i])), `swap ${i}`);
    await refused(method, withPairs(url, [...list].reverse()), 'reversed');
    await refused(method, url + '&x=1', 'one more');
    await refused(method, url + '&', 'an empty one more');
    await refused(method, withPairs(url, [['x', '1'], ...list]), 'one before');
    await refused(method, url.replace('?', '?&'), 'an empty one before');
    await refused(method, url.slice(0, url.indexOf('?')), 'no query');
  });

  test(`${name}: the signature is exact`, async () => {
    const { method, url } = links[name];
    const list = pairs(url), last = list.length - 1, [key, value] = list[last];
    assert.ok(value.length >= 22, 'the signature comes last and is no shorter than 128 bits');
    for (const bad of [value.toUpperCase(), value.toLowerCase(), value.slice(0, -1), value.slice(0, 8), '', value + value,
                       value + '=', value + '%3D', 'A'.repeat(value.length), '0'.repeat(value.length)])
      if (bad !== value) await refused(method, withPairs(url, replaced(list, last, [key, bad])), bad);
    for (let i = 0; i < value.length; i++) {
      const flipped = value.slice(0, i) + (value[i] === 'a' ? 'b' : 'a') + value.slice(i + 1);
      await refused(method, withPairs(url, replaced(list, last, [key, flipped])), `letter ${i}`);
    }
  });

  test(`${name}: what is for one thing is not for another`, async () => {
    const { method, url, other, sibling } = links[name];
    for (const target of [other, sibling].filter(Boolean)) {
      const mine = pairs(url), theirs = pairs(target);
      // Any one parameter, and all but the signature, of the other link.
      for (const [key, value] of theirs) {
        const i = mine.findIndex(p => p[0] === key);
        if (i >= 0 && mine[i][1] !== value) await refused(method, withPairs(url, replaced(mine, i, [key, value])), `${key} of another`);
      }
      await refused(method, withPairs(url, [...theirs.slice(0, -1), mine.at(-1)]), 'signature of another');
    }
  });

  test(`${name}: another method does not pass`, async () => {
    const { method, url } = links[name];
    for (const wrong of method === 'PUT' ? ['GET', 'HEAD', 'POST', 'DELETE'] : ['PUT', 'POST', 'DELETE']) {
      const answer = await send(wrong, url, wrong === 'HEAD' || wrong === 'GET' ? {} : { body: 'x',
        headers: { 'Content-Length': 1 } });
      assert.ok([403, 405].includes(answer.status), `${wrong}: ${answer.status}`);
    }
    const elsewhere = url.includes('/data/upload') ? url.replace('/data/upload', '/data/download')
                                                   : url.replace('/data/download', '/data/upload');
    await refused(method, elsewhere, 'the other path');
  });
}

test('links: the good ones are still good after all that', async () => {
  assert.ok((await get(links['pds download'].url)).bytes.equals(secret));
  assert.ok((await get(links['koodrive download'].url)).bytes.equals(secret));
  assert.equal((await put(links['pds upload'].url, bytesOf(5, 1))).status, 200);
  assert.equal((await put(links['koodrive upload'].url, bytesOf(10, 1))).status, 200);
});

test('links: another server\'s link is nobody\'s here', async () => {
  const stranger = await startServer();
  try {
    const eve = await stranger.person('ann', { drive: true });
    await stranger.person('bob', { drive: true });
    const file = await pdsUpload(stranger, eve, 'secret.txt', [secret]);
    const theirs = await pdsUrl(stranger, eve, file, { file_name: 'n.txt' });
    await refused('GET', s.url + theirs.slice(stranger.url.length), 'a link under another key');
  } finally {
    await stranger.stop();
  }
});

test('links: no signature is ever logged', async () => {
  const log = s.log();
  for (const { url } of Object.values(links)) assert.ok(!log.includes(pairs(url).at(-1)[1]));
});

test('links: a file of another drive cannot be had by its number', async () => {
  const file = (await pds(s, ann, '/v2/file/list', { drive_id: ann.drive_id, parent_file_id: 'root' })).items[0];
  const answer = await s.call('POST', '/v2/file/get_download_url', { token: bob.token, body: { drive_id: bob.drive_id,
    file_id: file.file_id } });
  assert.equal(answer.status, 404);
});
