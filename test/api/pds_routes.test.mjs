// What holds for every path: routes, bodies, errors, CORS, operations that are not there yet.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';
import { send } from './transfer.mjs';
import { call, done, header, refused, unsupported, UUID } from './pds.mjs';

let s, ann;
before(async () => {
  s = await startServer();
  ann = await s.person('ann', { drive: true });
});
after(() => s?.stop());

const auth = () => ({ Authorization: `Bearer ${ann.token}` });

test('an unknown path or a wrong method is the gateway\'s 404, without a body', async () => {
  for (const [method, path] of [['GET', '/v2/drive/list'], ['POST', '/v2/nothing'], ['PUT', '/v2/drive/get'],
    ['DELETE', '/v2/drive/get'], ['GET', '/v2/drive/get'], ['POST', '/v2/drive'], ['POST', '/v2/drive/get/x']]) {
    const answer = await send(method, s.url + path, { headers: auth(), body: method === 'GET' ? undefined : '{}' });
    assert.equal(answer.status, 404, `${method} ${path}: ${answer.text}`);
    assert.equal(answer.text, '');
    assert.equal(answer.headers['x-ca-error-code'], 'I404NF');
    assert.match(answer.headers['x-ca-error-message'], /\S/);
    assert.match(answer.headers['x-ca-request-id'], UUID);
    assert.equal(answer.headers['content-type'], undefined);
  }
});

test('each request has an id of its own', async () => {
  const ids = new Set();
  for (let i = 0; i < 20; i++) ids.add(header(await call(s, ann, '/drive/get', { drive_id: ann.drive_id }), 'x-ca-request-id'));
  assert.equal(ids.size, 20);
});

test('an absent, empty or blank body means {}', async () => {
  for (const body of [undefined, '', '  \n'])
    done(json(await send('POST', s.url + '/v2/drive/list_my_drives', { headers: auth(), body })));
});

const json = answer => ({ ...answer, body: JSON.parse(answer.text || 'null') });
const raw = body => send('POST', s.url + '/v2/drive/get', { headers: { ...auth(), 'Content-Type': 'application/json' }, body })
  .then(json);

test('a body that is no JSON object is InvalidRequestJSONFormat', async () => {
  for (const body of ['{', '[]', '"x"', '7', 'null x', '{"a":1}}', '{"drive_id":"1","drive_id":"1"}', "{'a':1}", '{"a":01}',
    '{"drive_id":"\\ud800"}', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), '['.repeat(5000)])
    refused(await raw(body), 400, 'InvalidRequestJSONFormat');
  refused(await raw(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`), 400, 'InvalidRequestJSONFormat');
});

test('unknown members and nulls are ignored, a query too', async () => {
  const body = { drive_id: ann.drive_id, donot_emit_error: true, httpheaders: null, user_tags: [], nested: { a: [1] } };
  done(await call(s, ann, '/drive/get', body));
  done(await s.call('POST', '/v2/drive/get?drive_id=77', { token: ann.token, body }));
  refused(await call(s, ann, '/drive/get', { drive_id: null }), 400, 'InvalidParameterMissing.DriveId');
});

test('an integer past every bound is named, not guessed', async () => {
  for (const limit of ['1e3', '9223372036854775808', '18446744073709551616', '-1', '0', '101', '1.5', '"10"', 'true', '"x"']) {
    const answer = json(await send('POST', s.url + '/v2/drive/list_my_drives', { headers: auth(), body: `{"limit":${limit}}` }));
    refused(answer, 400, 'InvalidParameterOutOfRange.Limit');
  }
});

test('a chunked body is read', async () => {
  async function* chunks() { yield '{"drive_'; yield `id":"${ann.drive_id}"}`; }
  done(json(await send('POST', s.url + '/v2/drive/get', { headers: auth(), body: chunks() })));
});

test('a body that is too long is 413', async () => {
  const answer = await send('POST', s.url + '/v2/drive/get', { headers: auth(), body: ' '.repeat(300_000) + '{}' });
  refused(json(answer), 413, 'InvalidParameterOutOfRange');
});

test('CORS: preflight and answers', async () => {
  const pre = await send('OPTIONS', s.url + '/v2/drive/get', { headers: { Origin: 'https://app.example',
    'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization, pds-js-sdk' } });
  assert.equal(pre.status, 204);
  assert.equal(pre.headers['access-control-allow-origin'], '*');
  for (const name of ['Authorization', 'x-share-token', 'pds-js-sdk', 'Content-Type', 'Range'])
    assert.match(pre.headers['access-control-allow-headers'], new RegExp(name, 'i'));
  assert.match(pre.headers['access-control-allow-methods'], /POST/);
  for (const answer of [await call(s, ann, '/drive/get', { drive_id: ann.drive_id }), await call(s, null, '/drive/get', {}),
    await s.call('POST', '/v2/nothing', { body: {} })]) {
    assert.equal(header(answer, 'access-control-allow-origin'), '*');
    for (const name of ['ETag', 'x-ca-request-id', 'x-oss-hash-crc64ecma'])
      assert.match(header(answer, 'access-control-expose-headers'), new RegExp(name));
    assert.equal(header(answer, 'access-control-allow-credentials'), undefined);
  }
});

test('what is known and not there yet says so', async () => {
  const { paths } = await s.cli('openapi', 'pds');
  for (const [path, methods] of Object.entries(paths))
    for (const [method, op] of Object.entries(methods)) {
      if (!op['x-polydrive-unsupported']) continue;
      const send = token => s.call(method.toUpperCase(), path, { token, body: method === 'post' ? {} : undefined });
      const answer = await send(ann.token);
      refused(answer, 400, 'OperationNotSupport');
      assert.match(unsupported(answer), /\S/);
      if (op.security?.length !== 0) refused(await send(), 401, 'AccessTokenInvalid');
    }
});
