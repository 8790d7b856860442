// Helpers for the KooDrive tests. Speaks HTTP only.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';

export const P = '/koodrive/ose/v1';
export const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');

export const stamp = (ms = Date.now()) => new Date(ms).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');

// The headers the pages make mandatory beside a token.
export const proper = (who, ms) => ({ 'X-User-Id': who.user_id, 'X-Date': stamp(ms) });

// A call as the pages want it: { status, headers, body }. An answer that is not lenient, unless it says so.
export async function koo(s, who, method, path, body, headers = {}) {
  return s.call(method, P + path, { token: who?.token, body, headers: { ...(who ? proper(who) : {}), ...headers } });
}

// The same, and it worked, without a tolerance.
export async function good(s, who, method, path, body, headers) {
  const r = await koo(s, who, method, path, body, headers);
  assert.equal(r.status, 200, `${path}: ${r.text}`);
  assert.equal(r.headers['x-polydrive-lenient'], undefined, path);
  assert.equal(r.body.code, 0, r.text);
  assert.equal(r.body.msg, 'Success.', r.text);
  return r.body;
}

// The same, and it was refused with this code, in both error forms.
export async function bad(s, who, method, path, body, code, { status = 400, headers, param } = {}) {
  const r = await koo(s, who, method, path, body, headers);
  isRefused(r, code, status, param);
  return r;
}

export function isRefused(r, code, status = 400, param) {
  const phrase = { 400: 'Bad Request', 401: 'Unauthorized', 404: 'Not Found', 500: 'Internal Server Error' }[status];
  assert.equal(r.status, status, r.text);
  assert.equal(r.body.code, code, r.text);
  assert.equal(typeof r.body.msg, 'string');
  assert.equal(r.body.error.code, status);
  assert.equal(r.body.error.description, phrase);
  const [detail] = r.body.error.errorDetail;
  assert.equal(detail.domain, 'koodrive');
  assert.equal(detail.errorCode, String(code));
  assert.equal(detail.description, r.body.msg);
  assert.match(r.headers['content-type'], /^application\/json/);
  if (param) assert.equal(detail.errorParam, param, r.text);
}

export const folder = (s, who, fileName, parent = 'root', more = {}) =>
  good(s, who, 'POST', '/directory', { fileName, fileType: '10', containerId: who.drive_id, parentFolder: [parent], ...more });

export const wanted = (who, fileName, length, more = {}) => ({ fileName, fileType: '45', parentFolder: ['root'], length,
  uploadMode: 'multipart', uploadType: 1, autoRename: 3, containerId: who.drive_id, ...more });

export const put = (url, body) => fetch(url, { method: 'PUT', body });

// A whole upload; the answer of files/create.
export async function upload(s, who, fileName, content, more = {}) {
  const bytes = Buffer.from(content);
  const made = await good(s, who, 'POST', '/files/create', wanted(who, fileName, bytes.length, more));
  if (made.rapidUpload || made.exist) return made;
  for (const part of made.multiParts) assert.equal((await put(part.uploadUrl, bytes)).status, 200);
  await good(s, who, 'POST', '/files/complete', { fileId: made.fileId });
  return made;
}

export const list = (s, who, more = {}, type = 0) =>
  good(s, who, 'POST', `/files/${type}`, { containerId: who.drive_id, parentFileId: 'root', ...more });

// All pages; the number of them in `pages`.
export async function listAll(s, who, more = {}, type = 0, pageSize = 100) {
  const files = [];
  let pageCursor = '', pages = 0;
  do {
    const page = await list(s, who, { ...more, pageInfo: { pageSize, pageCursor } }, type);
    assert.ok(page.files.length <= pageSize);
    assert.equal(page.searchCompleted, page.nextCursor === undefined);
    files.push(...page.files);
    pageCursor = page.nextCursor;
    pages++;
  } while (pageCursor);
  return { files, pages };
}

// Into the bin, by the door that can.
export async function trash(s, who, fileId) {
  const r = await s.call('POST', '/v2/recyclebin/trash', { token: who.token,
    body: { drive_id: who.drive_id, file_id: fileId } });
  assert.ok(r.status < 300, r.text);
}

// ---- app signatures ----

const percent = text => encodeURIComponent(text).replace(/[!'()*]/g, c => '%' + c.charCodeAt(0).toString(16).toUpperCase());

// Headers of a signed request. `change` may alter what is sent after it was signed.
export function signed(s, app, userId, method, path, { query = {}, body = '', date = stamp(), names = ['host', 'x-date', 'x-user-id'] } = {}) {
  const values = { host: new URL(s.url).host, 'x-date': date, 'x-user-id': userId };
  const pairs = Object.entries(query).map(([k, v]) => [percent(k), percent(String(v))]).sort(([a], [b]) => (a < b ? -1 : 1));
  const canonical = [method, P + path + '/', pairs.map(p => p.join('=')).join('&'),
    names.map(n => `${n}:${values[n]}\n`).join(''), names.join(';'), sha256(body)].join('\n');
  const signature = createHmac('sha256', app.app_secret).update(`HMAC-SHA256\n${sha256(canonical)}`).digest('hex');
  return { 'X-User-Id': userId, 'X-Date': date,
    Authorization: `HMAC-SHA256 AppId=${app.app_key},SignedHeaders=${names.join(';')},Signature=${signature}` };
}
