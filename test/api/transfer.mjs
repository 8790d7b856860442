// Helpers for tests that move bytes: HTTP with full control of the head, and the calls of each dialect
// that lead to a signed URL. Speaks HTTP only.
import assert from 'node:assert/strict';
import http from 'node:http';
import { createCipheriv, createHash } from 'node:crypto';

// ---- HTTP ----

// One request; headers as an object or as a flat array of names and values (doubles are kept then).
// body: Buffer, string, or an async iterable (sent chunked unless Content-Length is given).
export function send(method, url, { headers = {}, body, agent, onContinue } = {}) {
  return new Promise((resolve, reject) => {
    // node:http sends the body of a DELETE without saying how long it is
    if (method === 'DELETE' && body?.length) headers = { ...headers, 'Content-Length': Buffer.byteLength(body) };
    const options = { method, headers, agent, setDefaultHeaders: true };
    const request = http.request(url, options, async response => {
      const pieces = [];
      response.on('error', reject);
      response.on('data', piece => pieces.push(piece));
      response.on('end', () => {
        const bytes = Buffer.concat(pieces);
        resolve({ status: response.statusCode, headers: response.headers, bytes, text: bytes.toString('utf8') });
      });
    });
    request.on('error', reject);
    if (onContinue) request.on('continue', () => onContinue(request));
    else if (body === undefined) request.end();
    else if (typeof body === 'string' || Buffer.isBuffer(body)) request.end(body);
    else pour(body, request).then(() => request.end(), reject);
    if (onContinue) request.flushHeaders();
  });
}

async function pour(pieces, request) {
  for await (const piece of pieces)
    if (!request.write(piece)) await new Promise(resume => request.once('drain', resume));
}

export const put = (url, body, headers = {}) =>
  send('PUT', url, { body, headers: Buffer.isBuffer(body) && !('Transfer-Encoding' in headers)
    ? { 'Content-Length': body.length, ...headers } : headers });
export const get = (url, headers = {}) => send('GET', url, { headers });

// The Code of an error answer in XML.
export function xmlCode(answer) {
  assert.match(answer.headers['content-type'], /^application\/xml/);
  return /<Code>([^<]*)<\/Code>/.exec(answer.text)?.[1];
}

// ---- bytes ----

export const digest = (name, bytes) => createHash(name).update(bytes).digest('hex');

// The same bytes for the same seed; every run of them is different.
export function bytesOf(size, seed = 1) {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(size));
}

// Many bytes, a MiB at a time, never all in memory; `hash` sees them on their way.
export function* pieces(size, seed = 1, hash = null) {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  for (let left = size; left > 0; left -= 1 << 20) {
    const piece = cipher.update(Buffer.alloc(Math.min(left, 1 << 20)));
    hash?.update(piece);
    yield piece;
  }
}

export function crc64(bytes) {
  if (!crc64.table) {
    crc64.table = new BigUint64Array(256);
    for (let i = 0; i < 256; i++) {
      let c = BigInt(i);
      for (let k = 0; k < 8; k++) c = c & 1n ? (c >> 1n) ^ 0xC96C5795D7870F42n : c >> 1n;
      crc64.table[i] = c;
    }
  }
  let crc = 0xFFFFFFFFFFFFFFFFn;
  for (const byte of bytes) crc = crc64.table[Number((crc ^ BigInt(byte)) & 255n)] ^ (crc >> 8n);
  return (crc ^ 0xFFFFFFFFFFFFFFFFn).toString();
}

// ---- PDS ----

export async function pds(s, who, path, body, status = 200) {
  const answer = await s.call('POST', path, { token: who.token, body });
  assert.equal(answer.status, status, `${path}: ${answer.text}`);
  return answer.body;
}

export const pdsCreate = (s, who, name, parts = 1, more = {}) =>
  pds(s, who, '/v2/file/create', {
    drive_id: who.drive_id, parent_file_id: 'root', name, type: 'file', check_name_mode: 'ignore',
    part_info_list: Array.from({ length: parts }, (_, i) => ({ part_number: i + 1 })), ...more,
  }, 201);

export const pdsComplete = (s, who, made, status = 200) =>
  pds(s, who, '/v2/file/complete', { drive_id: who.drive_id, file_id: made.file_id, upload_id: made.upload_id },
    status);

// Uploads `parts`, an array of Buffers, as the parts of one file.
export async function pdsUpload(s, who, name, parts, more = {}) {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const made = await pdsCreate(s, who, name, parts.length, { size, ...more });
  for (const [i, part] of parts.entries()) {
    const answer = await put(made.part_info_list[i].upload_url, part);
    assert.equal(answer.status, 200, answer.text);
  }
  return pdsComplete(s, who, made);
}

export const pdsFolder = (s, who, name, parent = 'root') =>
  pds(s, who, '/v2/file/create', { drive_id: who.drive_id, parent_file_id: parent, name, type: 'folder',
    check_name_mode: 'refuse' }, 201);

export const pdsUrl = async (s, who, file, more = {}) =>
  (await pds(s, who, '/v2/file/get_download_url', { drive_id: file.drive_id ?? who.drive_id, file_id: file.file_id,
    ...more })).url;

export async function pdsList(s, who, drive = who.drive_id, parent = 'root') {
  const items = [];
  let marker = '';
  do {
    const page = await pds(s, who, '/v2/file/list', { drive_id: drive, parent_file_id: parent, limit: 100, marker });
    items.push(...page.items);
    marker = page.next_marker;
  } while (marker);
  return items;
}

// ---- KooDrive ----

const stamp = () => new Date().toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');

export function koodriveHeaders(who) {
  return { 'X-User-Id': who.user_id, 'X-Date': stamp() };
}

export async function koodrive(s, who, method, path, body, status = 200) {
  const answer = await s.call(method, '/koodrive/ose/v1' + path, { token: who.token, body,
    headers: koodriveHeaders(who) });
  assert.equal(answer.status, status, `${path}: ${answer.text}`);
  return answer.body;
}

export const koodriveCreate = (s, who, fileName, length, more = {}) =>
  koodrive(s, who, 'POST', '/files/create', { fileName, fileType: '45', parentFolder: ['root'], length,
    uploadMode: 'multipart', uploadType: 1, autoRename: 2, containerId: who.drive_id, ...more });

export async function koodriveUpload(s, who, fileName, bytes) {
  const made = await koodriveCreate(s, who, fileName, bytes.length);
  const answer = await put(made.multiParts[0].uploadUrl, bytes);
  assert.equal(answer.status, 200, answer.text);
  await koodrive(s, who, 'POST', '/files/complete', { fileId: made.fileId });
  return made;
}

// The live files (type 0) or the bin (type 1) of a container.
export async function koodriveList(s, who, type = 0, containerId = who.drive_id, parentFileId = 'root') {
  const files = [];
  let pageCursor = '';
  do {
    const page = await koodrive(s, who, 'POST', `/files/${type}`, { containerId, parentFileId,
      pageInfo: { pageSize: 100, pageCursor } });
    files.push(...page.files);
    pageCursor = page.nextCursor;
  } while (pageCursor);
  return files;
}

export const koodriveUrl = async (s, who, fileId) =>
  (await koodrive(s, who, 'POST', '/files/download', { containerId: who.drive_id, fileIds: [fileId] }))
    .downloads[0].url;

// ---- DingTalk ----

export async function dingtalkToken(s, app) {
  const answer = await s.call('POST', '/v1.0/oauth2/accessToken', { body: { appKey: app.app_key,
    appSecret: app.app_secret } });
  assert.equal(answer.status, 200, answer.text);
  return answer.body.accessToken;
}

export async function dingtalk(s, token, method, path, body, status = 200) {
  const answer = await s.call(method, path, { body, headers: { 'x-acs-dingtalk-access-token': token } });
  assert.equal(answer.status, status, `${path}: ${answer.text}`);
  return answer.body;
}

export async function dingtalkSpaces(s, token, unionId) {
  const spaces = [];
  let nextToken = '';
  do {
    const page = await dingtalk(s, token, 'GET',
      `/v1.0/drive/spaces?spaceType=org&maxResults=50&unionId=${encodeURIComponent(unionId)}&nextToken=${nextToken}`);
    spaces.push(...page.spaces);
    nextToken = page.nextToken;
  } while (nextToken);
  return spaces;
}

export async function dingtalkList(s, token, unionId, space, parentId = '0') {
  const files = [];
  let nextToken = '';
  do {
    const page = await dingtalk(s, token, 'GET', `/v1.0/drive/spaces/${space}/files?parentId=${parentId}&maxResults=50` +
      `&unionId=${encodeURIComponent(unionId)}&nextToken=${encodeURIComponent(nextToken)}`);
    files.push(...page.files);
    nextToken = page.nextToken;
  } while (nextToken);
  return files;
}
