// Every operation that wants a scope refuses a token that lacks it, whoever asks and whatever it names.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';

test('a token for less is refused by every operation with a scope', async () => {
  const s = await startServer();
  try {
    await s.person('boss', { admin: true, drive: true });
    const { access_token: token } = await s.cli('token', 'issue', 'boss', '--scope', 'VIEW.ALL');
    const rows = Object.entries((await s.cli('openapi', 'pds')).paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, op]) => ({ path, method: method.toUpperCase(), ...op })));
    const scoped = rows.filter(row => row['x-polydrive-scope'] && !('x-polydrive-unsupported' in row) && row.security?.length !== 0);
    assert.ok(scoped.length > 50, `${scoped.length} operations`);
    for (const row of scoped) {
      const answer = await s.call(row.method, row.path, { token, body: row.method === 'GET' ? undefined : {} });
      assert.deepEqual([answer.status, answer.body?.code], [403, 'CheckRouterAccessFailed'], `${row.operationId}: ${answer.text}`);
    }
  } finally { await s.stop(); }
});
