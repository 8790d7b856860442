// What the tests of share links share: making one, its token, calls inside it.
import assert from 'node:assert/strict';
import { call, done } from './pds.mjs';

export const NO_SHARE = '00000000000';

// A share of these files of the person: the ShareLink.
export const share = async (s, who, files, more = {}) =>
  done(await call(s, who, '/share_link/create', { drive_id: who.drive_id, file_id_list: files.map(f => f.file_id ?? f), ...more }), 201);

export const askToken = (s, share_id, more = {}, who = null) => call(s, who, '/share_link/get_share_token', { share_id, ...more });
export const token = async (s, link, more = {}) =>
  done(await askToken(s, link.share_id, { share_pwd: link.share_pwd || undefined, ...more })).share_token;

// A call inside a share by its token, with or without an account.
export const inside = (s, link, share_token, path, body = {}, who = null) =>
  call(s, who, path, { share_id: link.share_id, ...body }, { headers: { 'x-share-token': share_token } });

// Somebody with a token of the share: visit(path, body) is a call inside.
export async function visitor(s, link, who = null, more = {}) {
  const share_token = await token(s, link, more);
  const visit = (path, body) => inside(s, link, share_token, path, body, who);
  visit.token = share_token;
  visit.names = async (parent_file_id = 'root', more = {}) =>
    done(await visit('/file/list', { parent_file_id, order_by: 'name', ...more })).items.map(item => item.name);
  return visit;
}

export const update = (s, who, link, more) => call(s, who, '/share_link/update', { share_id: link.share_id, ...more });
export const cancel = (s, who, link) => call(s, who, '/share_link/cancel', { share_id: link.share_id });
export const shown = async (s, who, link) => done(await call(s, who, '/share_link/get', { share_id: link.share_id }));

// At once, as many as there are: how many of the answers had each status.
export async function atOnce(count, run) {
  const answers = await Promise.all(Array.from({ length: count }, (_, i) => run(i)));
  const statuses = {};
  for (const answer of answers) statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
  assert.ok(answers.every(answer => answer.status < 500), answers.map(answer => answer.text).join('\n'));
  return { answers, statuses };
}
