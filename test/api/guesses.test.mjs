// Guessing at passwords: at most 20 are checked in 5 minutes for an account and for a network, and the owner of an
// account that is guessed at still gets in.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from './harness.mjs';

let direct, proxied;
before(async () => {
  direct = await startServer();
  proxied = await startServer({ args: ['--behind-proxy'] });
  for (const s of [direct, proxied])
    for (const name of ['ann', 'ben', 'carl']) await s.person(name, { password: `right password of ${name}` });
});
after(() => Promise.all([direct?.stop(), proxied?.stop()]));

// 'in', 'wrong' (it was checked) or 'later' (it was not).
async function login(s, account, password, headers = {}) {
  const answer = await s.call('POST', '/koodrive/ose/v1/auth/login', { headers: { 'x-hw-agentName': 'x', ...headers },
    body: { account, authType: '1', password } });
  if (answer.status === 200) return 'in';
  return /Too many attempts/.test(answer.text) ? 'later' : 'wrong';
}

async function guess(s, n, account, headers = () => ({})) {
  const count = { in: 0, wrong: 0, later: 0 };
  for (let i = 0; i < n; i++) count[await login(s, typeof account === 'function' ? account(i) : account, `guess ${i}`, headers(i))]++;
  return count;
}

test('guesses: one address has 20, whatever names and forged headers it sends', async () => {
  const forged = i => ({ 'X-Forwarded-For': `203.0.113.${i}`, 'X-Real-IP': `203.0.113.${i}`, Forwarded: `for=203.0.113.${i}` });
  assert.deepEqual(await guess(direct, 60, i => `name ${i}`, forged), { in: 0, wrong: 20, later: 40 });
  assert.equal(await login(direct, 'ann', 'right password of ann'), 'later');
});

test('guesses: behind a proxy, what it wrote last is the address, and what the client wrote before is nothing', async () => {
  const from = i => ({ 'X-Forwarded-For': `198.51.100.${i}, 203.0.113.9` });
  assert.deepEqual(await guess(proxied, 40, 'ann', from), { in: 0, wrong: 20, later: 20 });
  assert.equal(await login(proxied, 'ben', 'right password of ben', from(1)), 'later');
  assert.equal(await login(proxied, 'ben', 'right password of ben', { 'X-Forwarded-For': '203.0.113.10' }), 'in');
});

test('guesses: the owner of an account that is guessed at gets in from elsewhere', async () => {
  const at = address => ({ 'X-Forwarded-For': address });
  assert.equal(await login(proxied, 'ann', 'right password of ann', at('203.0.113.9')), 'later');
  for (let i = 0; i < 3; i++) assert.equal(await login(proxied, 'ann', 'right password of ann', at('203.0.113.20')), 'in');
  assert.equal(await login(proxied, 'ann', 'a guess', at('203.0.113.21')), 'wrong');
  assert.equal(await login(proxied, 'ann', 'right password of ann', at('203.0.113.21')), 'later');
});

test('guesses: a /64 is one address', async () => {
  assert.deepEqual(await guess(proxied, 30, i => `name ${i}`, i => ({ 'X-Forwarded-For': `2001:db8:7:7::${i + 1}` })),
    { in: 0, wrong: 20, later: 10 });
  assert.equal(await login(proxied, 'carl', 'right password of carl', { 'X-Forwarded-For': '2001:db8:7:8::1' }), 'in');
});

test('guesses: all names of a user are one account', async () => {
  const chief = await proxied.person('chief', { admin: true }), carl = (await proxied.cli('user', 'list')).find(user => user.login === 'carl');
  await proxied.call('POST', '/v2/account/link', { token: chief.token, body: { type: 'email', identity: 'carl@example.test', user_id: carl.user_id } });
  let counter = 0;
  const elsewhere = () => ({ 'X-Forwarded-For': `192.0.2.${1 + counter++ % 2}` });
  assert.deepEqual(await guess(proxied, 40, i => (i % 3 ? 'carl' : 'carl@example.test'), elsewhere), { in: 0, wrong: 20, later: 20 });
  assert.equal(await login(proxied, 'carl@example.test', 'right password of carl', { 'X-Forwarded-For': '192.0.2.9' }), 'in');
});
