// What the DingTalk tests share: calls with the token header, the error envelope, walking pages.
import assert from 'node:assert/strict';

export const TOKEN_HEADER = 'x-acs-dingtalk-access-token';

// One call; `query` as an object (members that are undefined or null are left out), `token` goes into its
// header.
export function dt(s, method, path, { token, query = {}, body, headers = {}, raw } = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const tail = given.length ? '?' + new URLSearchParams(given) : '';
  return s.call(method, path + tail, { body, raw, headers: token ? { [TOKEN_HEADER]: token, ...headers } : headers });
}

// The answer is an error of this status and code, in the envelope's exact spelling.
export function refused(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(Object.keys(answer.body), ['code', 'requestid', 'message'], answer.text);
  assert.equal(answer.body.code, code, answer.text);
  assert.match(answer.body.requestid, /^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/);
  assert.equal(typeof answer.body.message, 'string');
  return answer.body.message;
}

export function accepted(answer) {
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

export const lenient = answer => header(answer, 'x-polydrive-lenient');

// Of fetch's Headers or of a plain object.
export const header = (answer, name) =>
  (answer.headers.get ? answer.headers.get(name) : answer.headers[name]) ?? undefined;

export async function appToken(s, app) {
  const answer = await dt(s, 'POST', '/v1.0/oauth2/accessToken',
    { body: { appKey: app.app_key, appSecret: app.app_secret } });
  return accepted(answer).accessToken;
}

// All items of a paged list and the sizes of its pages.
export async function walk(s, token, path, member, query) {
  const items = [], sizes = [];
  let nextToken;
  do {
    const page = accepted(await dt(s, 'GET', path, { token, query: { ...query, nextToken } }));
    assert.deepEqual(Object.keys(page), [member, 'nextToken']);
    assert.ok(page[member].length <= Number(query.maxResults));
    items.push(...page[member]);
    sizes.push(page[member].length);
    nextToken = page.nextToken;
    assert.ok(sizes.length < 1000, 'the list has no end');
  } while (nextToken !== '');
  return { items, sizes };
}

export const SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
export const DIGITS = /^[1-9]\d*$/;

// One character in the middle is another one.
export function altered(text) {
  const at = text.length >> 1;
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
}
