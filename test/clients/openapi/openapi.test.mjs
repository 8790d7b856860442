// Public validators (npm @seriousme/openapi-schema-validator 2.11.0, ajv) against `polydrive openapi`: the documents are
// OpenAPI 3.1, their schemas are JSON Schemas, and the server answers as they say.
import { describe, test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { runProgram, startServer } from '../../api/harness.mjs';
import * as ding from '../../api/dingtalk.mjs';
import * as koo from '../../api/koodrive.mjs';
import * as pds from '../../api/pds.mjs';

const require = createRequire(import.meta.url);
const { Validator } = await import(require.resolve('@seriousme/openapi-schema-validator'));
const Ajv = require('ajv/dist/2020').default;

const documentOf = async vendor => JSON.parse((await runProgram(['openapi', vendor])).stdout);
const operationsOf = document => Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).filter(([, it]) => it.operationId).map(([method, operation]) => ({ path, method, operation })));

/** Every schema of the document by its place, compiled; a reference to nothing or a wrong keyword throws. */
function compiled(document) {
  const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, validateFormats: false, allErrors: true });
  ajv.addVocabulary([...new Set(JSON.stringify(document).match(/x-polydrive-[a-z-]+/g)), ...Object.keys(document)]);
  ajv.addSchema(document, 'doc');
  const at = (...path) => ajv.compile({ $ref: `doc#/${path.map(it => encodeURIComponent(it.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}` });
  const all = new Map();
  for (const { path, method, operation } of operationsOf(document)) {
    const put = (...more) => all.set([operation.operationId, ...more.slice(0, 2)].join(' '), at('paths', path, method, ...more));
    for (const type of Object.keys(operation.requestBody?.content ?? {})) put('requestBody', 'content', type, 'schema');
    for (const [status, answer] of Object.entries(operation.responses))
      for (const type of Object.keys(answer.content ?? {})) put('responses', status, 'content', type, 'schema');
    (operation.parameters ?? []).forEach((_, i) => put('parameters', String(i), 'schema'));
  }
  return all;
}

for (const vendor of ['pds', 'dingtalk', 'koodrive'])
  describe(`the document of ${vendor}`, () => {
    test('is OpenAPI 3.1', async () => {
      const validator = new Validator();
      const { valid, errors } = await validator.validate(await documentOf(vendor));
      assert.ok(valid, JSON.stringify(errors));
      assert.equal(validator.version, '3.1');
    });

    test('is no longer one with a part taken away', async () => {
      const spoilt = [
        document => delete document.info.title,
        document => delete Object.values(Object.values(document.paths)[0])[0].responses.default.description,
        document => { Object.values(Object.values(document.paths)[0])[0].parameters = [{ name: 'x', schema: {} }]; },
        document => { document.paths['no slash'] = {}; },
      ];
      for (const spoil of spoilt) {
        const document = await documentOf(vendor);
        spoil(document);
        assert.equal((await new Validator().validate(document)).valid, false, String(spoil));
      }
    });

    test('has JSON Schemas only, and names each operation once', async () => {
      const document = await documentOf(vendor), names = operationsOf(document).map(it => it.operation.operationId);
      assert.ok(compiled(document).size >= names.length);
      assert.deepEqual(names.filter((name, i) => names.indexOf(name) !== i), []);
    });
  });

describe('the server answers as its documents say', () => {
  let s, ann, admin, token;
  before(async () => {
    s = await startServer({ args: ['--strict'] });
    ann = await s.person('ann', { drive: true });
    admin = await s.person('boss', { admin: true, drive: true });
    token = await ding.appToken(s, await s.app('openapi'));
    await pds.folder(s, ann, 'folder');
    await koo.upload(s, ann, 'file.txt', 'content');
    await koo.good(s, ann, 'POST', '/sharefolder/create', { shareType: 0, containerId: ann.drive_id, name: 'shared' });
  });
  after(() => s?.stop());

  const answers = {
    pds: {
      CreateDrive: () => pds.call(s, admin, '/drive/create', { drive_name: 'New', owner: ann.user_id, owner_type: 'user' }),
      ListMyDrives: () => pds.call(s, ann, '/drive/list_my_drives', {}),
      ListFile: () => pds.call(s, ann, '/file/list', { drive_id: ann.drive_id, parent_file_id: 'root' }),
      CreateFile: () => pds.call(s, ann, '/file/create', { drive_id: ann.drive_id, parent_file_id: 'root', name: 'new', type: 'file', size: 5 }),
      GetDrive: () => pds.call(s, ann, '/drive/get', { drive_id: '999999' }),
    },
    dingtalk: {
      ListSpaces: () => ding.dt(s, 'GET', '/v1.0/drive/spaces', { token, query: { unionId: ann.user_id, spaceType: 'org', maxResults: 10 } }),
      ListFiles: () => ding.dt(s, 'GET', `/v1.0/drive/spaces/${ann.drive_id}/files`, { token, query: { unionId: ann.user_id, maxResults: 10 } }),
      AddSpace: () => ding.dt(s, 'POST', '/v1.0/drive/spaces', { token, body: {} }),
    },
    koodrive: {
      GetPersonalFiles: () => koo.koo(s, ann, 'POST', '/files/0', { containerId: ann.drive_id, parentFileId: 'root' }),
      ListShareFolder: () => koo.koo(s, ann, 'GET', '/sharefolder/list?offset=0&limit=10'),
    },
  };
  for (const [vendor, calls] of Object.entries(answers))
    test(vendor, async () => {
      const document = await documentOf(vendor), schemas = compiled(document);
      for (const [name, call] of Object.entries(calls)) {
        const answer = await call();
        const schema = schemas.get(`${name} responses ${answer.status}`) ?? schemas.get(`${name} responses default`);
        assert.ok(schema, `${name} ${answer.status}: not in the document`);
        assert.ok(schema(answer.body), `${name} ${answer.status}: ${JSON.stringify(schema.errors)}`);
        assert.equal(schema([]), false);
      }
    });
});
