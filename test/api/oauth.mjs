// What the tests of PDS tokens share: apps with keys, assertions, forms, the shape of a Token.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { done, header, UUID } from './pds.mjs';
import { temporaryFolder } from './harness.mjs';

export const JWT_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
export const seconds = () => Math.floor(Date.now() / 1000);
const base64url = value => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

// An app that signs assertions: { app_key, app_secret, publicKey, privateKey }.
export async function keyedApp(s, name, ...flags) {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
  const file = join(temporaryFolder('key'), 'public.pem');
  writeFileSync(file, keys.publicKey);
  return { ...await s.cli('app', 'add', name, '--public-key', file, ...flags), ...keys };
}

// The claims of an assertion as the official JavaScript SDK makes them.
export const claimsOf = (app, sub, more = {}) => ({ iss: app.app_key, sub, sub_type: 'user', aud: 'main',
  jti: randomUUID().slice(0, 11), exp: seconds() + 300, iat: seconds() - 300, auto_create: false, ...more });

export function assertionOf(app, claims, { header: head = { alg: 'RS256', typ: 'JWT' }, key = app.privateKey } = {}) {
  const text = `${base64url(head)}.${base64url(claims)}`;
  const alg = typeof head === 'object' ? head.alg : '';
  if (alg === 'none') return `${text}.`;
  if (/^HS/.test(alg)) return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  return `${text}.${sign(/512$/.test(alg) ? 'sha512' : 'sha256', Buffer.from(text), key).toString('base64url')}`;
}

// A form to this path.
export const form = (s, path, fields, headers = {}) => s.call('POST', path, {
  headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
  raw: new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== undefined)).toString() });
export const token = (s, fields) => form(s, '/v2/oauth/token', fields);

export const byAssertion = (s, app, assertion, more = {}) =>
  token(s, { grant_type: JWT_GRANT, client_id: app.app_key, assertion, ...more });

const members = ['access_token', 'refresh_token', 'expires_in', 'expire_time', 'token_type', 'user_id', 'user_name', 'nick_name',
  'avatar', 'default_drive_id', 'role', 'status', 'domain_id', 'subdomain_id', 'is_first_login', 'need_link', 'need_rp_verify',
  'pin_setup', 'exist_link', 'state', 'user_data', 'device_id', 'device_name', 'default_sbox_drive_id'];

// A Token of the user, with all its members and no others.
export function isToken(answer, user_id, more = {}) {
  const body = done(answer);
  assert.deepEqual(Object.keys(body), members);
  assert.match(body.access_token, /^[0-9a-f]{48}$/);
  assert.match(body.refresh_token, /^[0-9a-f]{48}$/);
  assert.notEqual(body.access_token, body.refresh_token);
  assert.equal(body.expires_in, 7200);
  assert.match(body.expire_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const left = Date.parse(body.expire_time) - Date.now();
  assert.ok(left > 7_100_000 && left <= 7_200_000, String(left));
  assert.equal(body.token_type, 'Bearer');
  assert.equal(body.user_id, user_id);
  assert.equal(body.status, 'enabled');
  assert.equal(body.domain_id, 'main');
  assert.ok(Array.isArray(body.exist_link));
  assert.equal(typeof body.user_data, 'object');
  assert.equal(header(answer, 'cache-control'), 'no-store');
  assert.match(header(answer, 'x-ca-request-id'), UUID);
  for (const [name, value] of Object.entries(more)) assert.deepEqual(body[name], value, name);
  return body;
}
