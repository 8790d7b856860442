// What the PDS tests share: calls, the error's form, walking pages, signing by AccessKey.
import assert from 'node:assert/strict';
import { createHash, createHmac, randomUUID } from 'node:crypto';

export const UUID = /^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/i;
export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const DIGITS = /^[1-9]\d*$/;

// Of fetch's Headers or of a plain object.
export const header = (answer, name) =>
  (answer.headers.get ? answer.headers.get(name) : answer.headers[name]) ?? undefined;
export const lenient = answer => header(answer, 'x-polydrive-lenient');
export const unsupported = answer => header(answer, 'x-polydrive-unsupported');

export const call = (s, who, path, body, more = {}) =>
  s.call('POST', '/v2' + path, { token: who?.token, body, ...more });

// A success of this status; gives the body.
export function done(answer, status = 200) {
  assert.equal(answer.status, status, answer.text);
  assert.match(header(answer, 'x-ca-request-id'), UUID);
  assert.equal(header(answer, 'x-ca-error-message'), undefined);
  assert.equal(header(answer, 'x-ca-error-code'), undefined);
  if (status === 204) assert.equal(answer.text, '');
  else assert.match(header(answer, 'content-type'), /^application\/json/);
  return answer.body;
}

// An error of this status and code, in the exact form; gives the message.
export function refused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.match(header(answer, 'x-ca-request-id'), UUID);
  assert.match(header(answer, 'content-type'), /^application\/json/);
  assert.deepEqual(Object.keys(answer.body), ['code', 'message'], answer.text);
  assert.equal(answer.body.code, code, answer.text);
  assert.equal(typeof answer.body.message, 'string');
  return answer.body.message;
}

// All items of a paged list, and the sizes of its pages.
export async function walk(s, who, path, body) {
  const items = [], sizes = [];
  let marker;
  do {
    const page = done(await call(s, who, path, { ...body, marker }));
    assert.deepEqual(Object.keys(page), ['items', 'next_marker']);
    assert.ok(page.items.length <= body.limit);
    items.push(...page.items);
    sizes.push(page.items.length);
    marker = page.next_marker;
    assert.equal(typeof marker, 'string');
    assert.ok(sizes.length < 1000, 'the list has no end');
  } while (marker !== '');
  return { items, sizes };
}

// Each character of an opaque text in turn (every `step`th) is another one.
export function* alterations(text, step = 1) {
  for (let i = 0; i < text.length; i += step)
    yield text.slice(0, i) + (text[i] === 'A' ? 'B' : 'A') + text.slice(i + 1);
}

export const folder = async (s, who, name, parent = 'root', more = {}) =>
  done(await call(s, who, '/file/create', { drive_id: who.drive_id, parent_file_id: parent, name, type: 'folder', ...more }), 201);

// ---- AccessKey signatures, from the vendor's description ----

export const md5 = bytes => createHash('md5').update(bytes).digest('base64');
export const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');

const pairs = query => [...new URLSearchParams(query)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
const acsNames = headers => Object.keys(headers).filter(name => name.startsWith('x-acs-')).sort();

// The headers of a request signed by v1 (acs, HMAC-SHA1). `headers` with lower-case names come too.
export function signV1(app, { method = 'POST', path, query = '', headers = {} }) {
  const all = {
    accept: 'application/json', 'content-type': 'application/json; charset=utf-8', date: new Date().toUTCString(),
    'x-acs-signature-method': 'HMAC-SHA1', 'x-acs-signature-version': '1.0', ...headers,
  };
  const resource = pairs(query).map(([name, value]) => (value ? `${name}=${value}` : name)).join('&');
  const text = [method, all.accept, all['content-md5'] ?? '', all['content-type'] ?? '', all.date ?? '', ''].join('\n')
    + acsNames(all).map(name => `${name}:${all[name].trim()}\n`).join('') + path + (resource && `?${resource}`);
  const signature = createHmac('sha1', app.app_secret).update(text).digest('base64');
  return { ...all, authorization: `acs ${app.app_key}:${signature}` };
}

const encode = text => encodeURIComponent(text).replace(/[!'()*]/g, c => '%' + c.charCodeAt(0).toString(16).toUpperCase());

// The headers of a request signed by ACS3-HMAC-SHA256.
export function signV3(app, { method = 'POST', host, path, query = '', body = '', headers = {}, unsigned = [] }) {
  const all = {
    host, 'content-type': 'application/json', 'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-content-sha256': sha256(body), 'x-acs-signature-nonce': randomUUID(), ...headers,
  };
  const names = ['content-type', 'host', ...acsNames(all)].filter(name => !unsigned.includes(name)).sort();
  const request = [method, path || '/', pairs(query).map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&'),
    names.map(name => `${name}:${all[name].trim()}\n`).join(''), names.join(';'), sha256(body)].join('\n');
  const signature = createHmac('sha256', app.app_secret).update(`ACS3-HMAC-SHA256\n${sha256(request)}`).digest('hex');
  const { host: _, ...sent } = all;
  return { ...sent, authorization:
    `ACS3-HMAC-SHA256 Credential=${app.app_key},SignedHeaders=${names.join(';')},Signature=${signature}` };
}

// The headers of a request signed by ACS4-HMAC-SHA256; `lossy` as the JavaScript signature helper does it.
export function signV4(app, { method = 'POST', path, query = '', body = '', headers = {}, region = 'center', day, lossy = false }) {
  const all = {
    accept: 'application/json', 'content-type': 'application/json; charset=utf-8', date: new Date().toUTCString(),
    'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'), 'x-acs-content-sha256': sha256(body),
    'x-acs-signature-nonce': randomUUID(), ...headers,
  };
  const resource = pairs(query).map(([name, value]) => (value ? `${name}=${value}` : name)).join('&');
  const names = acsNames(all), date = day ?? all['x-acs-date'].slice(0, 10).replaceAll('-', '');
  const request = [method, path + (resource && `?${resource}`),
    [all.accept, all['content-md5'] ?? '', all['content-type'], all.date, ''].join('\n')
      + names.map(name => `${name}:${all[name].trim()}\n`).join(''), names.join(';'), sha256(body)].join('\n');
  const key = [date, region, 'pds', 'aliyun_v4_request'].reduce((k, text) => {
    const next = createHmac('sha256', k).update(text).digest();
    return lossy ? Buffer.from(next.toString('utf8')) : next;
  }, `aliyun_v4${app.app_secret}`);
  const signature = createHmac('sha256', key).update(`ACS4-HMAC-SHA256\n${sha256(request)}`).digest('hex');
  return { ...all, authorization: `ACS4-HMAC-SHA256 Credential=${app.app_key}/${date}/${region}/pds/aliyun_v4_request,`
    + `SignedHeaders=${names.join(';')},Signature=${signature}` };
}
